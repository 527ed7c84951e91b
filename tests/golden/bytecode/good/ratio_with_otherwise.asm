vocabulary company  # 企业 | Company
    0  AsOf                               # the day of the evaluation, as a day number
    1  Constant         constant 0        # 16801
    2  LessEqual        r1 r0             # a <= b
    3  Constant         constant 1        # 1
    4  Input            slot 0            # rd_expense[-2]
    5  Input            slot 1            # rd_expense[-1]
    6  Add              r4 r5             # a + b
    7  Input            slot 2            # revenue[-2]
    8  Input            slot 3            # revenue[-1]
    9  Add              r7 r8             # a + b
   10  Maximum          r3 r9             # the greater of a and b
   11  Ends             r6 r10            # the ends of b > 0 that make a / b least and greatest
   12  MultiplyAcross   r3 r11            # a * b, low by high and high by low
   13  Constant         constant 2        # 0
   14  Equal            r13 r9            # a = b
   15  Not              r14               # not a, three-valued
   16  Select           r15 r6 r13        # b where a, else c; the hull of both while a is open
   17  Constant         constant 3        # 25
   18  MultiplyAlong    r16 r17           # a * b, low by low and high by high
   19  LessEqual        r12 r18           # a <= b

policy innovator for company in force 2016-01-01 .. 2199-12-31  # 创新企业 | Innovator
  day r0, in force r2, verdict r19
  require spends  r19  # 研发费用占比不低于4% | At least 4% for R&D
      reads share  r16 / r11
      compares r16 / r11 >= r3 * 1/25  r19  # share >= 4%
  let share  r16 / r11  # 研发费用占比 | Share of R&D

