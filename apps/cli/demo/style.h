// The style sheet of the page. Colours hold a contrast of at least 4.5:1 on their ground, in the
// light and in the dark.
#pragma once

#include <string_view>

namespace weir::cli::demo {

inline constexpr std::string_view kStyle = R"css(
:root{color-scheme:light dark;--ground:#f5f7f8;--card:#fff;--line:#dde3e6;--text:#16212a;
--soft:#51616c;--water:#0b6e8a;--water-soft:#d7ebf1;--good:#1c7040;--bad:#b3261e;--bad-soft:#fbe9e7;
--bar:#4aa3bd}
@media(prefers-color-scheme:dark){:root{--ground:#10171c;--card:#182128;--line:#2b3840;
--text:#e6edf1;--soft:#9fb0bb;--water:#6cc5df;--water-soft:#16343f;--good:#74c997;--bad:#ff9b91;
--bad-soft:#3a1f1d;--bar:#2d7f99}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--text);
font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
.skip{position:absolute;left:-999px}.skip:focus{left:1rem;top:1rem;background:var(--card);padding:.5rem}
header,main,footer{max-width:72rem;margin:0 auto;padding:0 1.25rem}
header{padding-top:2.75rem}
h1{font-size:clamp(1.9rem,5vw,2.7rem);line-height:1.1;margin:0;letter-spacing:-.02em}
h1 span{color:var(--water)}
h2{font-size:1.35rem;margin:2.75rem 0 .9rem;letter-spacing:-.01em}
h3{font-size:1.08rem;margin:0;overflow-wrap:anywhere}
p{margin:.5rem 0}.lead{font-size:1.1rem;color:var(--soft);max-width:46rem}
a{color:var(--water)}
.facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(10rem,1fr));gap:.75rem;
margin:1.6rem 0 0;padding:0}
.facts div{background:var(--card);border:1px solid var(--line);border-radius:.75rem;padding:.8rem 1rem}
.facts dt{color:var(--soft);font-size:.82rem}.facts dd{margin:.1rem 0 0;font-weight:600}
.facts .big{font-size:1.5rem;line-height:1.25}
.card{background:var(--card);border:1px solid var(--line);border-radius:.9rem;padding:1.15rem 1.25rem}
.card.failed{border-color:var(--bad)}
.cards{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,21rem),1fr));gap:1rem;
align-items:start}
.hero+.hero{margin-top:1.2rem}
.hero{display:grid;grid-template-columns:minmax(0,2.2fr) minmax(14rem,1fr);gap:1.4rem;
align-items:start}
@media(max-width:52rem){.hero{grid-template-columns:1fr}}
figure{margin:.9rem 0 0}.hero figure{margin:0}
img{display:block;max-width:100%;height:auto;border-radius:.55rem;background:var(--line)}
.card figure img{max-height:15rem;width:auto}.hero figure img{max-height:none;width:100%}
figcaption{color:var(--soft);font-size:.84rem;margin-top:.35rem}
.task{display:inline-block;background:var(--water-soft);color:var(--water);border-radius:1rem;
padding:.05rem .65rem;font-size:.8rem;font-weight:600;margin:.35rem 0 0}
.small{color:var(--soft);font-size:.86rem;overflow-wrap:anywhere}
.bad{color:var(--bad);background:var(--bad-soft);border-radius:.5rem;padding:.5rem .7rem;
font-size:.88rem;overflow-wrap:anywhere}
table{border-collapse:collapse;width:100%;font-size:.9rem;font-variant-numeric:tabular-nums}
caption{text-align:left;color:var(--soft);font-size:.82rem;padding:.6rem 0 .2rem}
th,td{text-align:left;padding:.32rem .6rem .32rem 0;border-top:1px solid var(--line);
vertical-align:top}
thead th{border-top:0;color:var(--soft);font-weight:600;font-size:.82rem}
tbody th{font-weight:500;overflow-wrap:anywhere}.tensors th{white-space:nowrap}
td.number,th.number{text-align:right;white-space:nowrap}
td.fast{font-weight:700;color:var(--good)}
.wide{overflow-x:auto}
code{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;font-size:.86em;
overflow-wrap:anywhere}
.bar{height:.5rem;border-radius:.3rem;background:var(--bar);min-width:2px;margin-top:.25rem}
ol.found{margin:.6rem 0 0;padding:0;list-style:none}
ol.found li{display:flex;justify-content:space-between;gap:1rem;border-top:1px solid var(--line);
padding:.28rem 0}
footer{color:var(--soft);font-size:.86rem;padding-top:2.5rem;padding-bottom:3rem}
@media print{body{background:#fff}.card{break-inside:avoid}}
)css";

}  // namespace weir::cli::demo
