extension Script {
    /// The calls that pages make, named as in Segment's analytics.js.
    static let calls = #"""

      var listeners = Object.create(null);

      function emit(name, values) {
        (listeners[name] || []).slice().forEach(function (listener) {
          guarded(listener).apply(null, values || []);
        });
      }

      // The arguments of a call: at most `most` texts, then two objects, then a callback; any may be left out.
      function sorted(values, most) {
        var rest = [].slice.call(values), texts = [];
        var done = typeof rest[rest.length - 1] === "function" ? rest.pop() : null;
        while (rest.length && texts.length < most && !isObject(rest[0])) texts.push(identifier(rest.shift()));
        return { texts: texts, first: rest[0], options: rest[1], done: done };
      }

      function send(type, fields, options, done) {
        options = isObject(options) ? options : {};
        var event = {
          type: type,
          messageId: identifier(options.messageId) || "martlet-" + uuid(),
          timestamp: options.timestamp || new Date(),
          anonymousId: identifier(options.anonymousId) || anonymousId(),
          userId: identifier(options.userId) || recallId(USER_ID) || undefined,
          integrations: isObject(options.integrations) ? options.integrations : {}
        };
        Object.keys(fields).forEach(function (name) {
          event[name] = fields[name];
        });
        event.context = merged(context(), options.context);
        event = copied(event);
        if (!event.type) return Promise.resolve({ event: null });
        enqueue(event);
        if (debugging) window.console.log("martlet: " + type, event);
        if (done) setTimeout(guarded(done), 0, { event: event });
        return Promise.resolve({ event: event });
      }

      function page() {
        var call = sorted(arguments, 2);
        // One text is the name; two are the category and the name.
        var name = call.texts[1] || call.texts[0] || undefined;
        var category = call.texts[1] && call.texts[0] || undefined;
        var properties = merged(pageFacts(), call.first);
        if (category) properties.category = category;
        if (name) properties.name = name;
        emit("page", [category, name, properties, call.options]);
        return send("page", { name: name, category: category, properties: properties }, call.options, call.done);
      }

      function track() {
        var call = sorted(arguments, 1);
        var event = call.texts[0];
        if (!event) return warn("track needs the name of the event");
        emit("track", [event, call.first, call.options]);
        return send("track", { event: event, properties: copied(call.first) }, call.options, call.done);
      }

      function identify() {
        var call = sorted(arguments, 1);
        var id = call.texts[0];
        if (id) setUser(id);
        addTraits(USER_TRAITS, call.first);
        emit("identify", [id, call.first, call.options]);
        return send("identify", { traits: copied(call.first) }, call.options, call.done);
      }

      function group() {
        if (!arguments.length) {
          return {
            id: function () { return recallId(GROUP_ID); },
            traits: function () { return parsed(recall(GROUP_TRAITS)); }
          };
        }
        var call = sorted(arguments, 1);
        var id = call.texts[0] || recallId(GROUP_ID);
        if (!id) return warn("group needs the group's id");
        if (id !== recallId(GROUP_ID)) forget(GROUP_TRAITS);
        keepId(GROUP_ID, id);
        addTraits(GROUP_TRAITS, call.first);
        emit("group", [id, call.first, call.options]);
        return send("group", { groupId: id, traits: copied(call.first) }, call.options, call.done);
      }

      function alias() {
        var call = sorted(arguments, 2);
        var to = call.texts[0];
        if (!to) return warn("alias needs the new id");
        var from = call.texts[1] || recallId(USER_ID) || anonymousId();
        emit("alias", [to, from, call.first]);
        return send("alias", { userId: to, previousId: from }, call.first, call.done);
      }

      function user() {
        return {
          id: function () { return recallId(USER_ID); },
          anonymousId: function (id) { return identifier(id) ? keepId(ANONYMOUS_ID, identifier(id)) : anonymousId(); },
          traits: function () { return parsed(recall(USER_TRAITS)); }
        };
      }

      // Merges into what every later event says of consent: analytics.consent({ "email.offers": true, analytics: false }).
      function consent(preferences) {
        var given = copied(preferences);
        Object.keys(given).forEach(function (purpose) {
          if (typeof given[purpose] !== "boolean") delete given[purpose];
        });
        return addTraits(CONSENT, given);
      }
    """#
}
