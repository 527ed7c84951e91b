parameter rate  # 加计扣除比例 | Rate of deduction
  2008-01-01 .. 2199-12-31  2 * 1/4
  2018-01-01 .. 2199-12-31 published 2018-09-20  3 * 1/4
  2023-01-01 .. 2199-12-31  4 * 1/4

vocabulary company  # 企业 | Company
    0  AsOf                               # the day of the evaluation, as a day number
    1  Constant         constant 0        # 13879
    2  LessEqual        r1 r0             # a <= b
    3  Constant         constant 1        # 100
    4  Input            slot 0            # assets
    5  LessEqual        r3 r4             # a <= b
    6  Parameter        parameter 0 r0    # rate
    7  Constant         constant 2        # 17531
    8  Parameter        parameter 0 r7    # rate
    9  Constant         constant 3        # 1

policy deducting for company in force 2008-01-01 .. 2199-12-31  # 加计扣除 | Deducting
  day r0, in force r2, verdict r5
  require some  r5  # 有资产 | Has assets
      reads assets  r4 * 1/100
      compares r4 * 1/100 >= r9  r5  # assets >= 1元
  benefit now  r6 * 1/4  # 当前比例 | Rate now
  benefit before  r8 * 1/4  # 此前比例 | Rate before

