vocabulary company  # 企业 | Company
    0  AsOf                               # the day of the evaluation, as a day number
    1  Constant         constant 0        # 16801
    2  LessEqual        r1 r0             # a <= b
    3  Constant         constant 1        # 5
    4  Given            slot 0            # engineers
    5  Input            slot 0            # engineers
    6  Constant         constant 2        # 0
    7  Input            slot 1            # employees
    8  Constant         constant 3        # -10
    9  Add              r7 r8             # a + b
   10  Maximum          r6 r9             # the greater of a and b
   11  Select           r4 r5 r10         # b where a, else c; the hull of both while a is open
   12  LessEqual        r3 r11            # a <= b

policy able for company in force 2016-01-01 .. 2199-12-31  # 技术能力 | Able
  day r0, in force r2, verdict r12
  require enough  r12  # 工程师不少于5人 | Five engineers
      reads engineers  r11
      compares r11 >= r3  r12  # engineers >= 5

