/// How a report looks: by day, by night, on a telephone and on paper.
enum PageStyle {
  static let css = """
    :root{--bg:#fff;--fg:#1c2330;--soft:#5b6576;--line:#dfe4ea;--card:#f7f9fb;\
    --c0:#2266bb;--c1:#c8501e;--c2:#1f8a5b;--c3:#8a3fa8;--c4:#b8860b;--c5:#c2336b;--c6:#2b8f9e;--c7:#6b6f2a}
    @media (prefers-color-scheme:dark){:root{--bg:#12161c;--fg:#e6eaf0;--soft:#98a3b3;--line:#2b333f;--card:#1a2029;\
    --c0:#6aa6f0;--c1:#f08a5a;--c2:#58c795;--c3:#c58be0;--c4:#e0b44a;--c5:#f07aa8;--c6:#62c4d2;--c7:#b9bf6a}}
    *{box-sizing:border-box}
    body{margin:0 auto;max-width:1360px;padding:20px clamp(12px,3vw,36px) 48px;background:var(--bg);color:var(--fg);\
    font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}
    h1{margin:0;font-size:1.7rem;overflow-wrap:anywhere}h2{margin:34px 0 6px;font-size:1.2rem}h3{margin:16px 0 6px;font-size:1rem;overflow-wrap:anywhere}
    header p,.note{margin:2px 0 10px;color:var(--soft)}
    .legend{list-style:none;display:flex;flex-wrap:wrap;gap:4px 18px;margin:14px 0 0;padding:8px 0;position:sticky;top:0;background:var(--bg);z-index:1}
    .legend li{display:flex;align-items:center;gap:7px;overflow-wrap:anywhere}
    .wide{overflow-x:auto}
    table{border-collapse:collapse;font-variant-numeric:tabular-nums}
    th,td{padding:5px 14px 5px 0;text-align:right;border-bottom:1px solid var(--line);white-space:nowrap}
    th[scope^=row],.settings td,.settings th{text-align:left;white-space:normal;overflow-wrap:anywhere}
    th[scope=row]{min-width:9em;font-weight:500}thead th{color:var(--soft);font-weight:500}
    .settings td{font-family:ui-monospace,"DejaVu Sans Mono",monospace;font-size:.9em;min-width:6em}
    .differs th,.differs td{background:color-mix(in srgb,var(--c4) 16%,transparent);font-weight:600}
    .swatch{display:inline-block;width:.8em;height:.8em;border-radius:2px;margin-right:.5em;background:currentColor;stroke:none}
    .charts{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,400px),1fr));gap:14px}
    figure{margin:0;padding:10px 12px;background:var(--card);border:1px solid var(--line);border-radius:8px;min-width:0;break-inside:avoid}
    figcaption{font-weight:600}figcaption small{font-weight:400;color:var(--soft)}
    svg{display:block;width:100%;height:auto}.legend svg{width:26px}
    svg:focus-visible{outline:2px solid var(--c0);outline-offset:2px;border-radius:4px}
    .grid{stroke:var(--line);stroke-width:1}
    .tick,.row{fill:var(--soft);font-size:13px}.row{font-size:12px}
    .mean{fill:none;stroke-width:2;stroke-linejoin:round;stroke:currentColor}.band{fill:currentColor;opacity:.16;stroke:none}
    .dot{fill:currentColor;opacity:.6}.box{fill:none;stroke:var(--soft)}.mark{stroke:var(--fg);stroke-width:2}
    .d1{stroke-dasharray:7 3}.d2{stroke-dasharray:2 3}
    .g0{color:var(--c0)}.g1{color:var(--c1)}.g2{color:var(--c2)}.g3{color:var(--c3)}.g4{color:var(--c4)}.g5{color:var(--c5)}.g6{color:var(--c6)}.g7{color:var(--c7)}
    .cross{stroke:var(--soft);stroke-dasharray:3 3}
    output{display:block;min-height:1.4em;font-size:.82rem;color:var(--soft);font-variant-numeric:tabular-nums}output b{font-weight:600}
    .films{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,260px),1fr));gap:14px}
    .stage{width:100%;background-repeat:no-repeat;border-radius:4px;image-rendering:auto;\
    animation:x var(--x) steps(var(--c),jump-none) infinite,y var(--y) steps(var(--r),jump-none) infinite}
    @keyframes x{from{background-position-x:0%}to{background-position-x:100%}}
    @keyframes y{from{background-position-y:0%}to{background-position-y:100%}}
    .controls{display:flex;gap:8px;align-items:center;margin-top:6px}.controls[hidden]{display:none}
    .controls input{flex:1;min-width:0}.controls span{min-width:5.5em;text-align:right;font-size:.85em;color:var(--soft)}
    button{font:inherit;color:inherit;background:var(--bg);border:1px solid var(--line);border-radius:6px;padding:2px 10px;min-width:5em}
    .strip{max-width:760px}.film figcaption,.texts figcaption{font-weight:400;margin-top:4px}th:first-child{text-align:left}
    .texts div{display:flex;flex-wrap:wrap;gap:10px}pre{margin:4px 0;padding:8px;background:var(--bg);overflow:auto;line-height:1.2}
    details{margin-top:12px}summary{cursor:pointer;color:var(--soft)}
    .remarks{color:var(--soft);padding-left:1.2em}
    @media (max-width:560px){.tick{font-size:17px}}
    @media (prefers-reduced-motion:reduce){.stage{animation:none}}
    @media print{:root{--bg:#fff;--fg:#000;--soft:#444;--line:#bbb;--card:#fff;--c0:#2266bb;--c1:#c8501e;--c2:#1f8a5b;--c3:#8a3fa8;--c4:#96700a;--c5:#c2336b;--c6:#22727e;--c7:#55581f}\
    body{max-width:none;padding:0;font-size:11px}.legend{position:static}.controls,output{display:none}.charts{grid-template-columns:1fr 1fr}\
    .films{grid-template-columns:1fr 1fr 1fr}.stage{animation:none;background-position:50% 50%;print-color-adjust:exact;-webkit-print-color-adjust:exact}h2{break-after:avoid}}
    """
}
