vocabulary company  # 企业 | Company
    0  AsOf                               # the day of the evaluation, as a day number
    1  Constant         constant 0        # 16801
    2  LessEqual        r1 r0             # a <= b
    3  ConstantW        wide 0            # 100000000000000000000
    4  Input            slot 0            # assets
    5  Widen            r4                # a in 128 bits
    6  Input            slot 1            # factor
    7  Widen            r6                # a in 128 bits
    8  MultiplyW        r5 r7             # a * b
    9  Input            slot 2            # profit
   10  Widen            r9                # a in 128 bits
   11  MultiplyW        r7 r10            # a * b
   12  AddW             r8 r11            # a + b
   13  LessEqualW       r3 r12            # a <= b
   14  Constant         constant 1        # 1000000000000

policy weighty for company in force 2016-01-01 .. 2199-12-31  # 加权 | Weighty
  day r0, in force r2, verdict r13
  require weight  r13  # 加权资产达标 | Weighted assets
      reads assets  r4 * 1/100
      reads factor  r6 * 1/1000000
      reads profit  r9 * 1/100
      compares r12 * 1/100000000 >= r14  r13  # assets * factor + profit * factor >= 1万亿元

