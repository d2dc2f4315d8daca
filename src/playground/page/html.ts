/** The page. Its script fills in the servers, the examples and the results. */
export const HTML = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>JSockD playground</title>
<link rel="icon" href="data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'><rect width='16' height='16' rx='4' fill='%235046e5'/><path d='M5 4.5 9.5 8 5 11.5' fill='none' stroke='white' stroke-width='2' stroke-linecap='round' stroke-linejoin='round'/></svg>">
<link rel="stylesheet" href="style.css">
<script type="module" src="main.js"></script>
</head>
<body>
<header>
  <h1>JSockD <span>playground</span></h1>
  <p>Run a program on a server of its own. Then try to break it, and watch what happens to
  the others. This page answers on this machine only: it runs any code that it is sent.</p>
  <p id="connection" role="status"></p>
</header>
<main>
  <section class="card" aria-labelledby="program-heading">
    <div class="card-head">
      <h2 id="program-heading">Program</h2>
      <label class="inline">Example <select id="example"></select></label>
    </div>
    <div id="editor"></div>
    <label class="stacked" for="parameter">Parameter, as JSON</label>
    <input id="parameter" class="code" spellcheck="false" autocomplete="off" autocapitalize="off">
    <div class="run-row">
      <fieldset id="servers"><legend>Run on</legend></fieldset>
      <button id="run" type="button" class="primary">Run <kbd>Ctrl ⏎</kbd></button>
    </div>
    <h3 id="break-heading">Try to break it</h3>
    <div class="break" role="group" aria-labelledby="break-heading">
      <button type="button" id="loop">Endless loop<small>stopped at <span id="limit"></span></small></button>
      <button type="button" id="bomb">Memory bomb<small>takes all it can get</small></button>
      <button type="button" id="kill">Kill under load<small>SIGKILL to its process</small></button>
    </div>
  </section>

  <section class="card" aria-labelledby="result-heading">
    <div class="card-head">
      <h2 id="result-heading">Result</h2>
      <span id="badge" class="badge" hidden></span>
    </div>
    <div id="outcome" role="status" aria-live="polite"><p class="muted">Nothing has run yet.</p></div>
    <div id="times" hidden>
      <div class="bar" aria-hidden="true"><i class="waited"></i><i class="ran"></i></div>
      <dl>
        <div><dt><i class="key waited"></i>Waited</dt><dd id="waited"></dd><dd class="muted">in the queue, on the way, compiling</dd></div>
        <div><dt><i class="key ran"></i>Ran</dt><dd id="ran"></dd><dd class="muted">first line to result, with the way back</dd></div>
      </dl>
      <p class="muted small">As the client sees it: the program's first line sends it a message.</p>
    </div>
    <div id="preview" hidden>
      <h3>Preview</h3>
    </div>
    <div id="trace" hidden>
      <h3>Stack trace</h3>
      <ol></ol>
    </div>
    <div id="value" hidden>
      <h3>Value</h3>
      <pre tabindex="0" aria-label="Value of the result"></pre>
    </div>
    <div class="card-head">
      <h3>Console and events</h3>
      <button type="button" id="clear" class="quiet">Clear</button>
    </div>
    <ol id="console" role="log" aria-label="Console and events" tabindex="0"></ol>
  </section>

  <section class="card wide" aria-labelledby="live-heading">
    <div class="card-head">
      <h2 id="live-heading">Live</h2>
      <label class="inline">Load on each server
        <select id="callers">
          <option value="0">none</option>
          <option value="4">4 callers</option>
          <option value="16">16 callers</option>
          <option value="64">64 callers</option>
        </select>
      </label>
    </div>
    <p class="muted">Each caller renders a React page of 20 items, again and again. Each server has
    <span id="threads">some</span> threads, and all share this machine's cores. The charts show the
    last minute; those of a row have one scale.</p>
    <table id="live"><thead></thead><tbody></tbody></table>
  </section>
</main>
</body>
</html>
`;
