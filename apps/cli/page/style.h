// The style sheet of the page. Colours hold a contrast of at least 4.5:1 on their ground, in the
// light and in the dark.
#pragma once

#include <string_view>

namespace weir::cli::html {

inline constexpr std::string_view kStyle = R"css(
:root{color-scheme:light dark;--ground:#f5f7f8;--card:#fff;--line:#dde3e6;--text:#16212a;
--soft:#51616c;--water:#0b6e8a;--water-soft:#d7ebf1;--good:#1c7040;--bad:#b3261e;--bad-soft:#fbe9e7;
--bar:#4aa3bd;--c0:#2589ad;--c1:#dd8a33;--c2:#4aa368;--c3:#a95fa8;--c4:#c8524c;--c5:#7378cc;
--c6:#9a8a35;--c7:#8a97a0}
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
.facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(8.2rem,1fr));gap:.75rem;
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
.verdict{margin-top:1rem;border-left:.35rem solid var(--water)}
.verdict .words{font-size:1.12rem;font-weight:600;margin:.3rem 0 0}
.frames{display:block;columns:30rem 2;column-gap:1rem}
.frames .card{break-inside:avoid;margin-bottom:1rem}
.shot ol.found{display:flex;flex-wrap:wrap;gap:.3rem;margin:.5rem 0 0}
.shot ol.found li{display:block;border:0;background:var(--water-soft);color:var(--water);
border-radius:1rem;padding:.05rem .65rem;font-size:.82rem;font-weight:600}
.card.shot{padding:.8rem}.card.shot figure{margin:0}.card.shot figure img{max-height:none;width:100%}
.charts{grid-template-columns:repeat(auto-fit,minmax(min(100%,30rem),1fr))}
.card+details.card{margin-top:1rem}
.plot{display:block;width:100%;height:auto;margin-top:.5rem}
.plot text{font:11px system-ui,-apple-system,"Segoe UI",Roboto,Arial,sans-serif;fill:var(--soft)}
.plot .strong{fill:var(--text);font-weight:600}
.plot .grid{stroke:var(--line);stroke-width:1}
.plot .mark{stroke:var(--text);stroke-width:1.2;stroke-dasharray:4 3}
.plot .line{fill:none;stroke-width:2;stroke-linejoin:round}
.c0{fill:var(--c0);stroke:var(--c0)}.c1{fill:var(--c1);stroke:var(--c1)}
.c2{fill:var(--c2);stroke:var(--c2)}.c3{fill:var(--c3);stroke:var(--c3)}
.c4{fill:var(--c4);stroke:var(--c4)}.c5{fill:var(--c5);stroke:var(--c5)}
.c6{fill:var(--c6);stroke:var(--c6)}.c7{fill:var(--c7);stroke:var(--c7)}
.plot path:not(.line),.plot rect{stroke:none}
.legend{display:flex;flex-wrap:wrap;gap:.2rem 1.1rem;margin:.5rem 0 0;padding:0;list-style:none;
font-size:.84rem;color:var(--soft)}
.legend i{display:inline-block;width:.75rem;height:.75rem;border-radius:.2rem;margin-right:.4rem}
.legend b{color:var(--text);font-weight:600}
.legend .c0{background:var(--c0)}.legend .c1{background:var(--c1)}.legend .c2{background:var(--c2)}
.legend .c3{background:var(--c3)}.legend .c4{background:var(--c4)}.legend .c5{background:var(--c5)}
.legend .c6{background:var(--c6)}.legend .c7{background:var(--c7)}
.plain{list-style:none;margin:0;padding:0}.plain li{padding:.2rem 0}
summary{cursor:pointer;font-weight:600}pre{overflow-x:auto;font-size:.86rem;margin:.8rem 0 0}
.weir-chart{display:block;max-width:none}
ol.found{margin:.6rem 0 0;padding:0;list-style:none}
ol.found li{display:flex;justify-content:space-between;gap:1rem;border-top:1px solid var(--line);
padding:.28rem 0}
footer{color:var(--soft);font-size:.86rem;padding-top:2.5rem;padding-bottom:3rem}
@media print{body{background:#fff}.card{break-inside:avoid}}
)css";

}  // namespace weir::cli::html
