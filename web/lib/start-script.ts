/** What is set once the page's own code runs. */
export const STARTED = 'holdfastStarted';

/**
 * Runs before all other scripts. Where one of them cannot be loaded, nothing of the page would ever work, nor say so: this says it in the page's place, and loads the page
 * again by itself once the service, which was away, is back.
 */
export const START_SCRIPT = `(function(){
var box=null,away=false;
function say(){
  if(box||window.${STARTED})return;
  box=document.createElement('div');
  box.setAttribute('role','alert');
  box.setAttribute('style','position:fixed;inset:auto 0 0 0;z-index:99;padding:12px 16px;display:flex;gap:12px;align-items:center;background:var(--raised);color:var(--ink);border-top:1px solid var(--line)');
  box.textContent='The page could not be loaded whole: the service went away meanwhile. It is tried again by itself.';
  var again=document.createElement('button');
  again.className='button';again.textContent='Load it again';again.onclick=function(){location.reload()};
  box.append(again);document.body.append(box);look();
}
function look(){
  if(window.${STARTED})return box.remove();
  fetch(location.href,{method:'HEAD',cache:'no-store'}).then(function(){if(away)location.reload();else setTimeout(look,2000)},function(){away=true;setTimeout(look,2000)});
}
addEventListener('error',function(event){if(event.target instanceof HTMLScriptElement)setTimeout(say,2000)},true);
})()`;
