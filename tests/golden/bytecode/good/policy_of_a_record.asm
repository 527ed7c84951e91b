vocabulary investor  # 投资者 | Investor
    0  AsOf                               # the day of the evaluation, as a day number
    1  Constant         constant 0        # 17532
    2  LessEqual        r1 r0             # a <= b
    3  Constant         constant 1        # 24
    4  Constant         constant 2        # 16801
    5  LessEqual        r4 r0             # a <= b
    6  Loop             list 0 end 14     # claims up to 14
    7    Field            field 0 r6        # claims[].invested_on
    8    AddMonths        r7 r3             # the day a plus b months, clamped to the month's end
    9    LessEqual        r8 r0             # a <= b
   10    And              r5 r9             # a and b, three-valued
   11    Field            field 1 r6        # claims[].paid_in
   12    ReduceAny        r10 r6            # whether a holds of any element
   13    ReduceSum        r11 r10 r6        # the sum of a over the elements of which b holds
   14  EndLoop          r6                # the next element

record claim  # 项目 | Claim
    0  AsOf                               # the day of the evaluation, as a day number
    1  Constant         constant 0        # 16801
    2  LessEqual        r1 r0             # a <= b
    3  Input            slot 0            # invested_on
    4  Constant         constant 1        # 24
    5  AddMonths        r3 r4             # the day a plus b months, clamped to the month's end
    6  LessEqual        r5 r0             # a <= b

policy seasoned for claim in force 2016-01-01 .. 2199-12-31  # 满两年的投资 | Seasoned investment
  day r0, in force r2, verdict r6
  require held  r6  # 满两年 | Held for two years
      reads invested_on  r3
      compares r5 <= r0  r6  # invested_on + 24 months <= as_of

policy angel for investor in force 2018-01-01 .. 2199-12-31  # 天使投资人 | Angel investor
  day r0, in force r2, verdict r12
  require one  r12  # 有满两年的投资 | A seasoned investment
      asks seasoned of each element
  benefit base  r13 * 1/100  # 计税基数 | Base

