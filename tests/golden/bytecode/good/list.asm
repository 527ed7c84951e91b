vocabulary investor  # 投资者 | Investor
    0  AsOf                               # the day of the evaluation, as a day number
    1  Constant         constant 0        # 16801
    2  LessEqual        r1 r0             # a <= b
    3  Constant         constant 1        # 100000000
    4  Constant         constant 2        # 50000000
    5  Loop             list 0 end 12     # claims up to 12
    6    FieldB           field 0 r5        # claims[].exited
    7    Not              r6                # not a, three-valued
    8    Field            field 1 r5        # claims[].paid_in
    9    LessEqual        r4 r8             # a <= b
   10    ReduceSum        r8 r7 r5          # the sum of a over the elements of which b holds
   11    ReduceAny        r9 r5             # whether a holds of any element
   12  EndLoop          r5                # the next element
   13  LessEqual        r3 r10            # a <= b
   14  And              r13 r11           # a and b, three-valued
   15  Constant         constant 3        # 1000000

record claim  # 项目 | Claim

policy active for investor in force 2016-01-01 .. 2199-12-31  # 活跃投资者 | Active investor
  day r0, in force r2, verdict r14
  require enough  r13  # 在投不少于100万元 | A million yuan invested
      compares r10 * 1/100 >= r15  r13  # sum(c.paid_in for c in claims where not c.exited) >= 100万元
  require large  r11  # 有一项不少于50万元 | One of half a million

