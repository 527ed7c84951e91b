vocabulary company  # 企业 | Company
    0  AsOf                               # the day of the evaluation, as a day number
    1  Constant         constant 0        # 16801
    2  LessEqual        r1 r0             # a <= b
    3  Constant         constant 1        # 10000000
    4  Input            slot 0            # assets
    5  LessEqual        r3 r4             # a <= b
    6  Constant         constant 2        # 500000000
    7  LessEqual        r4 r6             # a <= b
    8  Constant         constant 3        # 1
    9  Input            slot 1            # field
   10  LessEqual        r8 r9             # a <= b
   11  LessEqual        r9 r8             # a <= b
   12  And              r10 r11           # a and b, three-valued
   13  Constant         constant 4        # 2
   14  LessEqual        r13 r9            # a <= b
   15  Or               r12 r14           # a or b, three-valued
   16  And              r7 r15            # a and b, three-valued
   17  Constant         constant 5        # 5
   18  Constant         constant 6        # 0
   19  LessEqual        r9 r18            # a <= b
   20  And              r7 r19            # a and b, three-valued
   21  Constant         constant 7        # 3
   22  Less             r6 r4             # a < b
   23  Constant         constant 8        # 9223372036854775807 .. -9223372036854775808
   24  Select           r22 r13 r23       # b where a, else c; the hull of both while a is open
   25  Select           r20 r21 r24       # b where a, else c; the hull of both while a is open
   26  Select           r16 r17 r25       # b where a, else c; the hull of both while a is open
   27  Multiply         r4 r26            # a * b
   28  Constant         constant 9        # 100
   29  DivideHalfUp     r27 r28           # a / b, b > 0, to the nearest whole number, a half upwards; over sets end by end
   30  Constant         constant 10       # 100000

policy subsidised for company in force 2016-01-01 .. 2199-12-31  # 补贴 | Subsidised
  day r0, in force r2, verdict r5
  require some  r5  # 资产不少于10万元 | At least 100,000 yuan
      reads assets  r4 * 1/100
      compares r4 * 1/100 >= r30  r5  # assets >= 10万元
  benefit grant  r29 * 1/100  # 补贴 | Grant

