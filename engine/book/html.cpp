#include "html.hpp"

#include <algorithm>

#include "../explain/amounts.hpp"
#include "../value/rational.hpp"
#include "../value/visible_text.hpp"

namespace eligo::book {
namespace {

using value::Int128;

std::string grouped(Int128 number) { return explain::say_number(value::to_string(number)); }

// Where heads are printed their buttons are no boxes: with one, a head is not printed again on a table's next page.
constexpr std::string_view style = R"(
:root{--ink:#1c2430;--soft:#5b6675;--line:#dfe3e8;--paper:#fff;--tint:#f5f7f9}
*{box-sizing:border-box}
body{margin:0;background:var(--tint);color:var(--ink);font:15px/1.55 "Noto Sans","Noto Sans CJK SC","Source Han Sans SC","PingFang SC","Microsoft YaHei",system-ui,sans-serif}
main{max-width:1080px;margin:0 auto;padding:32px 28px 64px;background:var(--paper)}
h1{font-size:26px;line-height:1.3;margin:0 0 4px}
h2{font-size:20px;line-height:1.35;margin:44px 0 10px;padding-top:18px;border-top:2px solid var(--ink)}
h3{font-size:16px;margin:26px 0 8px}
p{margin:6px 0}
.soft,.note{color:var(--soft)}
.note{font-size:13px}
.tiles{display:flex;flex-wrap:wrap;gap:12px;margin:18px 0}
.tile{flex:1 1 150px;border:1px solid var(--line);border-radius:6px;padding:10px 14px}
.tile b{display:block;font-size:23px;font-variant-numeric:tabular-nums;line-height:1.3}
.tile span{color:var(--soft);font-size:13px}
table{border-collapse:collapse;width:100%;margin:8px 0 4px;font-size:14px}
th,td{padding:5px 10px;border-bottom:1px solid var(--line);text-align:left;vertical-align:top}
th{font-weight:600;border-bottom:1.5px solid var(--ink);white-space:nowrap}
th[data-n],td.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
th button{all:unset;cursor:pointer}
th button:focus-visible{outline:2px solid #3563a8}
th[aria-sort=ascending] button::after{content:" \25b4"}
th[aria-sort=descending] button::after{content:" \25be"}
td.k{white-space:nowrap}
td small{color:var(--soft)}
.wide{overflow-x:auto}
.bar{width:100%;min-width:120px;height:14px;display:block}
.charts{display:grid;grid-template-columns:repeat(auto-fill,minmax(320px,1fr));gap:14px 22px;margin:10px 0}
figure{margin:0;break-inside:avoid}
figcaption{font-size:13px;margin-bottom:2px}
figure svg{width:100%;height:auto;display:block}
.key{display:flex;flex-wrap:wrap;gap:4px 18px;font-size:13px;margin:8px 0}
.key svg{width:16px;height:11px;margin-right:6px;vertical-align:-1px}
.facts{display:grid;grid-template-columns:max-content 1fr;gap:2px 18px;font-size:13px;margin:14px 0}
.facts dt{color:var(--soft)}
.facts dd{margin:0;overflow-wrap:anywhere}
code{font:12.5px/1.5 ui-monospace,"DejaVu Sans Mono",Consolas,monospace}
@media print{thead{display:table-header-group;break-inside:avoid}.wide{overflow:visible}body{background:none;font-size:11px}main{max-width:none;padding:0}h2{break-after:avoid}h3{break-after:avoid}tr{break-inside:avoid}table{font-size:10.5px}.tile b{font-size:17px}th button{display:contents}th button::after{content:""!important}@page{margin:14mm}*{-webkit-print-color-adjust:exact;print-color-adjust:exact}}
)";

// Surfaces that are told apart without colour.
constexpr std::string_view patterns = R"svg(<svg width="0" height="0" style="position:absolute" aria-hidden="true"><defs>
<pattern id="fails" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="5" height="5" fill="#eeb3a3"/><rect width="2" height="5" fill="#b5482f"/></pattern>
<pattern id="open" width="5" height="5" patternUnits="userSpaceOnUse"><rect width="5" height="5" fill="#fbedc4"/><circle cx="2.5" cy="2.5" r="1" fill="#a87a12"/></pattern>
</defs></svg>
)svg";

// A click on a head sorts by that column; a second one turns it round. Cells say in data-v what they are sorted by.
constexpr std::string_view script = R"(
for(const table of document.querySelectorAll("table.sortable")){
  const heads=[...table.tHead.rows[0].cells];
  heads.forEach((head,column)=>{
    const button=document.createElement("button");
    button.append(...head.childNodes);head.append(button);
    button.onclick=()=>{
      const down=head.getAttribute("aria-sort")!=="descending";
      heads.forEach(each=>each.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort",down?"descending":"ascending");
      const key=row=>{const cell=row.cells[column];return cell.dataset.v??cell.textContent};
      const numeric=head.hasAttribute("data-n");
      const body=table.tBodies[0];
      [...body.rows].sort((a,b)=>{
        const x=key(a),y=key(b);
        const order=numeric?(BigInt(x||0)<BigInt(y||0)?-1:BigInt(x||0)>BigInt(y||0)?1:0):x.localeCompare(y);
        return down?-order:order;
      }).forEach(row=>body.append(row));
    };
  });
}
)";

// A share of `size` in hundredths, for coordinates.
std::string hundredths(Int128 part, Int128 whole, std::int64_t size) {
    const Int128 value = whole == 0 ? Int128{0} : part * size * 100 / whole;
    const auto fraction = static_cast<int>(value % 100);
    return value::to_string(value / 100) + (fraction == 0 ? "" : "." + std::string(fraction < 10 ? "0" : "") + std::to_string(fraction));
}

}  // namespace

std::string escaped(std::string_view text) {
    std::string result;
    for (const char c : value::visible(text)) {
        switch (c) {
            case '&': result += "&amp;"; break;
            case '<': result += "&lt;"; break;
            case '>': result += "&gt;"; break;
            case '"': result += "&quot;"; break;
            default: result += c;
        }
    }
    return result;
}

std::string isolated(std::string_view text) { return "<bdi>" + escaped(text) + "</bdi>"; }

std::string page(std::string_view language, std::string_view title, std::string_view body) {
    std::string text = "<!doctype html>\n<html lang=\"" + std::string(language) + "\">\n<head>\n<meta charset=\"utf-8\">\n";
    text += "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n<title>" + escaped(title) + "</title>\n<style>" + std::string(style) + "</style>\n</head>\n<body>\n" + std::string(patterns) + "<main>\n";
    text += body;
    text += "</main>\n<script>" + std::string(script) + "</script>\n</body>\n</html>\n";
    return text;
}

std::string swatch(std::string_view fill) { return "<svg aria-hidden=\"true\"><rect width=\"16\" height=\"11\" rx=\"2\" fill=\"" + std::string(fill) + "\"/></svg>"; }

std::string stacked_bar(const std::vector<Part>& parts) {
    constexpr std::int64_t width = 100;
    Int128 whole = 0;
    std::string described;
    for (const Part& part : parts) whole += part.count;
    std::string bars;
    Int128 before = 0;
    for (const Part& part : parts) {
        if (part.count == 0) continue;
        described += (described.empty() ? "" : ", ") + part.label + " " + grouped(part.count);
        bars += "<rect x=\"" + hundredths(before, whole, width) + "%\" width=\"" + hundredths(part.count, whole, width) + "%\" height=\"14\" fill=\"" + std::string(part.fill) + "\"><title>" +
                escaped(part.label) + " " + grouped(part.count) + "</title></rect>";
        before += part.count;
    }
    return "<svg class=\"bar\" role=\"img\" aria-label=\"" + escaped(described) + "\">" + bars + "</svg>";
}

std::string histogram(const Histogram& histogram) {
    constexpr std::int64_t width = 360, height = 96, foot = 18, head = 12;
    const auto count = static_cast<std::int64_t>(histogram.bars.size());
    const Int128 most = std::max<Int128>(1, *std::max_element(histogram.bars.begin(), histogram.bars.end()));
    std::string text = "<svg viewBox=\"0 0 " + std::to_string(width) + " " + std::to_string(height + foot + head) + "\" role=\"img\" aria-label=\"" + escaped(histogram.description) + "\">";
    for (std::size_t i = 0; i < histogram.bars.size(); ++i) {
        const Int128 bar = histogram.bars[i];
        if (bar == 0) continue;
        // What is there at all is seen: at least one unit high.
        const std::int64_t tall = std::max<std::int64_t>(1, static_cast<std::int64_t>(bar * height / most));
        const bool left = i < histogram.threshold;
        const std::string_view fill = left == histogram.left_holds ? fill_holds : fill_fails;
        text += "<rect x=\"" + hundredths(static_cast<Int128>(i), count, width) + "\" y=\"" + std::to_string(head + height - tall) + "\" width=\"" + hundredths(93, Int128{count} * 100, width) +
                "\" height=\"" + std::to_string(tall) + "\" fill=\"" + std::string(fill) + "\"><title>" + grouped(bar) + " " + escaped(bar == 1 ? histogram.bar_unit_of_one : histogram.bar_unit) + "</title></rect>";
    }
    const std::string at = hundredths(static_cast<Int128>(histogram.threshold), count, width);
    text += "<line x1=\"0\" x2=\"" + std::to_string(width) + "\" y1=\"" + std::to_string(head + height) + "\" y2=\"" + std::to_string(head + height) + "\" stroke=\"#5b6675\" stroke-width=\"1\"/>";
    text += "<line x1=\"" + at + "\" x2=\"" + at + "\" y1=\"2\" y2=\"" + std::to_string(head + height + 4) + "\" stroke=\"#1c2430\" stroke-width=\"1.2\" stroke-dasharray=\"3 2\"/>";
    text += "<text x=\"" + std::to_string(width) + "\" y=\"9\" font-size=\"9\" fill=\"#5b6675\" text-anchor=\"end\">" + grouped(most) + "</text>";
    for (const auto& [place, mark] : histogram.marks) {
        const std::string_view anchor = place == 0 ? "start" : place >= histogram.bars.size() - 1 ? "end" : "middle";
        const auto where = static_cast<Int128>(place >= histogram.bars.size() - 1 ? histogram.bars.size() : place);
        text += "<text x=\"" + hundredths(where, count, width) + "\" y=\"" + std::to_string(head + height + 14) + "\" font-size=\"10\" fill=\"#5b6675\" text-anchor=\"" + std::string(anchor) + "\">" + escaped(mark) + "</text>";
    }
    return text + "</svg>";
}

}  // namespace eligo::book
