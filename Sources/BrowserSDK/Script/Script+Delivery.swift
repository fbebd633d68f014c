extension Script {
    /// The queue and its way to the server.
    static let delivery = #"""

      var writeKey = null, host = "", domain = "", queue = "", retryKey = "";
      var sequence = 0, tries = 0, timer = 0, flushing = null;
      var inFlight = Object.create(null);

      function enqueue(event) {
        var text = JSON.stringify(event);
        if (bytes(text) > EVENT_BYTES) return warn("an event larger than 32 KB was dropped", event.type);
        // Sorted by name, the keys are in the order of the calls.
        var order = ("00000" + (sequence++ % 100000)).slice(-5);
        keep(queue + Date.now() + "." + order + "." + event.messageId, text);
        schedule(FLUSH_DELAY_MS);
      }

      function schedule(delayMs) {
        if (!timer) timer = setTimeout(guarded(flush), delayMs);
      }

      // Kept in storage, so that the wait that a server asked for also binds the next page and the other tabs.
      function waitMs() {
        var wait = Number(recall(retryKey)) - Date.now();
        // A clock that was set back must not silence the page for a year.
        return wait > 0 && wait <= RETRY_AFTER_MAXIMUM_MS ? wait : 0;
      }

      function waiting() {
        var keys = keysBeginning(queue);
        // An outage of days must not fill the shop's storage: the oldest give way.
        while (keys.length > QUEUE_EVENTS) forget(keys.shift());
        return keys;
      }

      // The first of the waiting events, as a request. What is no event of ours (storage belongs to the whole site) is removed.
      function batch(keys, byteLimit) {
        var texts = [], taken = [], size = 0;
        for (var i = 0; i < keys.length && texts.length < BATCH_EVENTS; i++) {
          var text = recall(keys[i]) || "";
          var count = bytes(text);
          var event = parsed(text);
          if (!event.messageId || !event.type || count > EVENT_BYTES) {
            forget(keys[i]);
            continue;
          }
          if (size + count > byteLimit) break;
          size += count + 1;
          texts.push(JSON.stringify(event));
          taken.push(keys[i]);
        }
        var head = { writeKey: writeKey, sentAt: new Date().toISOString() };
        return { keys: taken, bytes: size, body: JSON.stringify(head).slice(0, -1) + ',"batch":[' + texts.join(",") + "]}" };
      }

      // One tab sends at a time where the browser can arrange that. Where it cannot, two may send the same event,
      // and the server knows it by its messageId.
      function exclusively(work) {
        var locks = navigator.locks, begun = false;
        var once = function () {
          begun = true;
          return work();
        };
        if (!locks || !locks.request) return Promise.resolve().then(once);
        var asked = Date.now();
        // A sandboxed frame has locks and may not use them.
        return locks.request(queue, function () {
          // Another tab was sending; what it took out of the storage takes a moment to be seen here.
          return Date.now() - asked < SETTLING_MS ? once() : new Promise(function (go) {
            setTimeout(go, SETTLING_MS);
          }).then(once);
        }).catch(function () {
          if (!begun) return once();
        });
      }

      function flush() {
        clearTimeout(timer);
        timer = 0;
        if (flushing || writeKey === null) return flushing || Promise.resolve();
        var done = function () {
          flushing = null;
          // What came while we were sending. Without a network, the online event takes it up again.
          if (navigator.onLine !== false && waiting().length) schedule(waitMs() || FLUSH_DELAY_MS);
        };
        flushing = exclusively(deliver).then(done, done);
        return flushing;
      }

      function deliver() {
        if (navigator.onLine === false || waitMs()) return Promise.resolve();
        var next = batch(waiting(), BATCH_BYTES);
        if (!next.keys.length) return Promise.resolve();
        return post(next).then(function (isSettled) {
          if (isSettled) return deliver();
        });
      }

      // Whether the events are settled: taken by the server, or refused in a way that no repetition changes.
      function post(request) {
        var abort = window.AbortController ? new AbortController() : {};
        var timeout = setTimeout(function () {
          if (abort.abort) abort.abort();
        }, ANSWER_TIMEOUT_MS);
        request.keys.forEach(function (key) {
          inFlight[key] = true;
        });
        var release = function () {
          clearTimeout(timeout);
          request.keys.forEach(function (key) {
            delete inFlight[key];
          });
        };
        return window.fetch(host + "/v1/b", {
          method: "POST",
          // text/plain needs no preflight, which would double the requests of every page.
          headers: { "Content-Type": "text/plain" },
          body: request.body,
          credentials: "omit",
          keepalive: request.bytes < LEAVING_BYTES,
          signal: abort.signal
        }).then(function (response) {
          release();
          var status = response.status;
          if (status >= 300 && [400, 401, 403, 413].indexOf(status) < 0) {
            return postpone(status === 429 || status === 503 ? response.headers.get("Retry-After") : null);
          }
          if (status >= 300) warn("the server refused events for good", status);
          request.keys.forEach(forget);
          forget(retryKey);
          tries = 0;
          return true;
        }, function () {
          release();
          return postpone(null);
        });
      }

      function postpone(retryAfter) {
        var asked = retryAfter ? (isNaN(retryAfter) ? Date.parse(retryAfter) - Date.now() : retryAfter * 1000) : 0;
        var backoff = Math.min(RETRY_MAXIMUM_MS, RETRY_MINIMUM_MS * Math.pow(2, tries++));
        // Jitter, or every visitor of a shop that was down comes back in the same second.
        var wait = asked > 0 ? asked * (1 + Math.random() / 10) : backoff * (0.5 + Math.random() / 2);
        keep(retryKey, String(Date.now() + Math.min(wait, RETRY_AFTER_MAXIMUM_MS)));
        return false;
      }

      // The page goes. Nobody will hear the answer, so the events stay in the queue as well: the next page repeats
      // them, the server knows them, and none is lost if the beacon was.
      function leave() {
        if (writeKey === null || navigator.onLine === false || waitMs() || !navigator.sendBeacon) return;
        var last = batch(waiting().filter(function (key) {
          return !inFlight[key];
        }), LEAVING_BYTES);
        if (last.keys.length) navigator.sendBeacon(host + "/v1/b", last.body);
      }
    """#
}
