vocabulary company  # 企业 | Company
    0  AsOf                               # the day of the evaluation, as a day number
    1  Constant         constant 0        # 16801
    2  LessEqual        r1 r0             # a <= b
    3  Constant         constant 1        # 3
    4  Input            slot 1            # engineers
    5  Input            slot 0            # employees
    6  Constant         constant 2        # 1
    7  Maximum          r5 r6             # the greater of a and b
    8  Ends             r4 r7             # the ends of b > 0 that make a / b least and greatest
    9  MultiplyAcross   r3 r8             # a * b, low by high and high by low
   10  Constant         constant 3        # 0
   11  Less             r10 r5            # a < b
   12  Select           r11 r4 r10        # b where a, else c; the hull of both while a is open
   13  Constant         constant 4        # 10
   14  MultiplyAlong    r12 r13           # a * b, low by low and high by high
   15  LessEqual        r9 r14            # a <= b

policy skilled for company in force 2016-01-01 .. 2199-12-31  # 技术型 | Skilled
  day r0, in force r2, verdict r15
  require enough  r15  # 工程师不低于30% | Three in ten engineers
      reads share  r12 / r8
      compares r12 / r8 >= r3 * 1/10  r15  # share >= 30%
  let share  r12 / r8  # 工程师占比 | Share of engineers

