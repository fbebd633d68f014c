"""Read-back adapter: the only file to fill in when the product's read API is known.

Every check that looks at an *effect* goes through this class. All methods are
plain blocking calls. Stored events are returned as dicts in Segment shape:
type, messageId, userId, anonymousId, event, name, category, groupId,
previousId, properties, traits, context, integrations, timestamp,
originalTimestamp, sentAt, receivedAt. Integers must not pass through a float.

Choose the class with MARTLET_ADAPTER=martlet (default) or =reference.
"""
import json
import os
import urllib.error
import urllib.parse
import urllib.request


class Unsupported(Exception):
    """The product has no such read; checks that need it are skipped, not passed."""


class Base:
    def __init__(self, base_url, write_key, admin_url=None, admin_token=None):
        self.base_url = base_url.rstrip("/")
        self.write_key = write_key
        self.admin_url = (admin_url or base_url).rstrip("/")
        self.admin_token = admin_token

    # -- plumbing -----------------------------------------------------------
    def get_json(self, path, query=None, timeout=10):
        url = self.admin_url + path
        if query:
            url += "?" + urllib.parse.urlencode(query)
        headers = {"Accept": "application/json"}
        if self.admin_token:
            headers["Authorization"] = "Bearer " + self.admin_token
        try:
            with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=timeout) as r:
                return json.loads(r.read().decode("utf-8"))
        except urllib.error.HTTPError as e:
            if e.code == 404:
                return None
            raise

    # -- contract -----------------------------------------------------------
    def healthy(self):
        """True when the server answers and is ready to take events."""
        raise NotImplementedError

    def find_events(self, message_id=None, user_id=None, anonymous_id=None, limit=100000):
        """Accepted events with exactly this id, oldest first in the product's
        per-user order. Rejected events must not appear. Always a list.
        Ids are compared byte for byte; page through until complete."""
        raise NotImplementedError

    def get_profile(self, user_id=None, anonymous_id=None):
        """{"id": canonical id, "traits": {...}} or None when nobody has that id.
        Two ids that were merged return the same "id"."""
        raise NotImplementedError

    def get_group(self, group_id):
        """{"id":..., "traits": {...}} or None. Raise Unsupported if there are no groups."""
        raise NotImplementedError

    def find_rejected(self, message_id):
        """List of {"reason": text} for an event that was refused or dead-lettered."""
        raise NotImplementedError


class ReferenceAdapter(Base):
    """Speaks the tiny read API of the mock these suites were validated against.
    Kept as the worked example of the contract."""

    def healthy(self):
        return bool(self.get_json("/_ref/health"))

    def find_events(self, message_id=None, user_id=None, anonymous_id=None, limit=100000):
        q = {k: v for k, v in (("messageId", message_id), ("userId", user_id), ("anonymousId", anonymous_id)) if v is not None}
        return self.get_json("/_ref/events", q)["events"][:limit]

    def get_profile(self, user_id=None, anonymous_id=None):
        q = {k: v for k, v in (("userId", user_id), ("anonymousId", anonymous_id)) if v is not None}
        return self.get_json("/_ref/profile", q)

    def get_group(self, group_id):
        return self.get_json("/_ref/group", {"groupId": group_id})

    def find_rejected(self, message_id):
        return self.get_json("/_ref/rejected", {"messageId": message_id})["rejected"]


class MartletAdapter(Base):
    """Martlet's read API."""

    def healthy(self):
        return (self.get_json("/health") or {}).get("status") == "ok"

    def find_events(self, message_id=None, user_id=None, anonymous_id=None, limit=100000):
        q = {k: v for k, v in (("messageId", message_id), ("userId", user_id), ("anonymousId", anonymous_id)) if v is not None}
        q["limit"] = 1000
        out = []
        while len(out) < limit:
            page = self.get_json("/api/v1/events", q)
            out += page["events"]
            if not page["next"]:
                break
            q["after"] = page["next"]
        return out[:limit]

    def get_profile(self, user_id=None, anonymous_id=None):
        q = {k: v for k, v in (("userId", user_id), ("anonymousId", anonymous_id)) if v is not None}
        return self.get_json("/api/v1/profiles/lookup", q)

    def get_group(self, group_id):
        return self.get_json("/api/v1/groups/" + urllib.parse.quote(group_id, safe=""))

    def find_rejected(self, message_id):
        return self.get_json("/api/v1/quarantine", {"messageId": message_id})["rejected"]


def load(base_url=None, write_key=None):
    base_url = base_url or os.environ["MARTLET_URL"]
    write_key = write_key or os.environ["WRITE_KEY"]
    cls = {"martlet": MartletAdapter, "reference": ReferenceAdapter}[os.environ.get("MARTLET_ADAPTER", "martlet")]
    return cls(base_url, write_key, os.environ.get("ADMIN_URL"), os.environ.get("ADMIN_TOKEN"))
