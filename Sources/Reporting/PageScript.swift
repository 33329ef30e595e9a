/// What a report can do besides where a browser runs scripts: a line that follows the pointer or the arrow keys, and films
/// that can be stopped and wound.
enum PageScript {
  static let javaScript = #"""
    'use strict';
    const labels=[...document.querySelectorAll('.legend li')].map(l=>l.textContent);
    const show=n=>{const a=Math.abs(n);return a>=1e6||a>0&&a<1e-3?n.toExponential(2):String(+n.toPrecision(4))};
    for(const svg of document.querySelectorAll('.chart svg')){
      const [x0,x1,l,r,y0,y1,b,t]=svg.dataset.scale.split(' ').map(Number),out=svg.parentNode.querySelector('output');
      const lines=[...svg.querySelectorAll('.mean')].map(p=>({g:+p.dataset.g,p:p.getAttribute('d').slice(1).split('L').map(q=>q.split(' ').map(Number))}));
      if(!lines.length)continue;
      const cross=document.createElementNS('http://www.w3.org/2000/svg','line');
      cross.setAttribute('class','cross');cross.setAttribute('y1',t);cross.setAttribute('y2',b);cross.style.display='none';svg.append(cross);
      let at=r;
      const move=x=>{at=Math.max(l,Math.min(r,x));cross.style.display='';cross.setAttribute('x1',at);cross.setAttribute('x2',at);
        out.textContent='steps '+Math.round(x0+(at-l)/(r-l)*(x1-x0)).toLocaleString('en');
        for(const {g,p} of lines){const q=p.reduce((m,c)=>Math.abs(c[0]-at)<Math.abs(m[0]-at)?c:m);
          const s=document.createElement('span'),v=document.createElement('b');s.className='g'+g%8;
          v.textContent=show(y0+(b-q[1])/(b-t)*(y1-y0));s.append('  '+(labels[g]?labels[g]+' ':''),v);out.append(s)}};
      const hide=()=>{cross.style.display='none';out.textContent=''};
      svg.addEventListener('pointermove',e=>{const q=svg.getBoundingClientRect();move((e.clientX-q.left)/q.width*640)});
      svg.addEventListener('pointerleave',hide);svg.addEventListener('blur',hide);svg.tabIndex=0;
      svg.addEventListener('keydown',e=>{const d={ArrowLeft:-4,ArrowRight:4,PageUp:-40,PageDown:40}[e.key];
        if(d){move(at+d);e.preventDefault()}else if(e.key==='Home'){move(l);e.preventDefault()}else if(e.key==='End'){move(r);e.preventDefault()}});
    }
    const still=matchMedia('(prefers-reduced-motion:reduce)').matches;
    for(const film of document.querySelectorAll('.film')){
      const d=film.dataset,n=+d.n,c=+d.c,r=+d.r,stage=film.querySelector('.stage');
      const box=film.querySelector('.controls'),[button,slider,text]=box.children;
      box.hidden=false;stage.style.animation='none';
      const put=i=>{slider.value=i;text.textContent='step '+Math.round(i/Math.max(1,n-1)*d.s);
        stage.style.backgroundPosition=100*(i%c)/(c-1)+'% '+100*Math.floor(i/c)/(r-1)+'%'};
      let timer=0,at=0;
      const stop=()=>{clearInterval(timer);timer=0;button.textContent='Play'};
      const play=()=>{button.textContent='Pause';timer=setInterval(()=>{at=(at+1)%n;put(at)},1000*d.t/n)};
      button.addEventListener('click',()=>timer?stop():play());
      slider.addEventListener('input',()=>{stop();at=+slider.value;put(at)});
      put(0);still?stop():play();
    }
    """#
}
