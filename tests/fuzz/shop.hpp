// A small book of rules with a fact of every kind, which the targets of bulk screening ask about.
#pragma once

namespace eligo::fuzz {

inline constexpr const char* shop_rules = R"(
vocabulary shop "商店" | "Shop" {
  opened   : date in 2000-01-01 .. 2030-12-31 fixed          "开业日期" | "Opened"
  staff    : int in 0 .. 1_000                               "职工" | "Staff"
  skilled  : int in 0 .. staff                               "技工" | "Skilled"
  sales    : yearly money in 0元 .. 1亿元                    "销售额" | "Sales"
  weight   : number in -10 .. 10                             "权重" | "Weight"
  share    : percent in 0% .. 100%                           "比例" | "Share"
  lease    : months in 0 months .. 240 months                "租期" | "Lease"
  sort     : one of { food "食品" | "Food", tools "工具" | "Tools" } "种类" | "Sort"
  industry : code gbt4754                                    "行业" | "Industry"
  town     : text                                            "城镇" | "Town"
  owner    : text                                            "店主住地" | "Town of the owner"
  chain    : bool default false                              "连锁" | "Chain"
  audited  : yearly bool default true                        "已审计" | "Audited"
  goods    : list of good up to 3                            "货物" | "Goods"
}
record good "货物" | "Good" {
  price : money in 0元 .. 10万元                             "价格" | "Price"
  made  : date                                               "制造日期" | "Made"
  from  : text                                               "产地" | "From"
}

policy plain for shop "普通补助" | "Plain grant" {
  in force 2010-01-01 ..
  require old      opened + 12 months <= as_of               "满一年" | "A year old"        @ "一"
  require sells    sales[-1] >= 100元 when audited[-1]       "有销售额" | "Sells"           @ "二"
  require skills   skilled >= 10% * staff                    "技工" | "Skilled"             @ "三"
  require light    weight < 2.5 or share > 12.5%             "不重" | "Not heavy"           @ "四"
  require lasting  lease >= 24 months                        "租期" | "Lease"               @ "五"
  exclude trader   industry in { F51, I65 }                  "行业" | "Industry"            @ "六"
  exclude chained  chain                                     "连锁" | "A chain"             @ "七"
  exclude tools    sort = tools                              "工具" | "Tools"               @ "八"
  require at_home  town = owner                              "本地" | "At home"             @ "九"
  benefit grant : money = round(min(sales[-1] + sales[-2], 1万元) * 1/3, 0.01元) "补助" | "Grant" @ "十"
}
policy stocked for shop "存货补助" | "Grant for stock" {
  in force 2010-01-01 ..
  require local    all(g.from = town for g in goods)         "本地货" | "Local goods"       @ "一"
  require dear     any(g.price >= 10元 for g in goods)       "有贵重货物" | "Something dear" @ "二"
  require fresh    all(g.made + 6 months >= as_of for g in goods) "新货" | "Fresh"          @ "三"
  benefit grant : money = sum(g.price for g in goods)        "补助" | "Grant"               @ "四"
}
)";

}  // namespace eligo::fuzz
