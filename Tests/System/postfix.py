"""A real Postfix in a folder of its own, on a port of its own: it takes mail, delivers some of it, and gives the rest back as it does everywhere."""
import os
import pathlib
import shutil
import socket
import subprocess
import tempfile
import time

MAIN = """compatibility_level = 3.6
queue_directory = {home}/queue
data_directory = {home}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
myhostname = mx.example
mydestination =
inet_interfaces = loopback-only
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
maillog_file_prefixes = {home}
maillog_file = {home}/mail.log
transport_maps = inline:{{ {{ refused.example = error:5.1.1 No such mailbox }}, {{ gone.example = gone: }}, {{ bounces.wren.example = back: }} }}
default_transport = keep
smtpd_relay_restrictions = permit_mynetworks, reject
notify_classes =
alias_maps =
"""
MASTER = """127.0.0.1:{port} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
proxymap unix - - n - - proxymap
proxywrite unix - - n - 1 proxymap
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
error unix - - n - - error
retry unix - - n - - error
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
keep unix - n n - 10 pipe flags=R user=nobody argv=/usr/bin/curl -s -o /dev/null --data-binary @- http://127.0.0.1:{sink}/
gone unix - n n - 10 pipe user=nobody argv=/bin/sh -c {{ exit 67 }}
back unix - n n - 10 pipe flags=R user=nobody argv=/usr/bin/curl -s -o /dev/null -H Content-Type:message/rfc822 --data-binary @- {url}
"""


class Postfix:
    """Takes mail on ``port``; what is for refused.example is refused, what is for gone.example comes back later, and bounces are posted to ``url``."""

    def __init__(self, url, sink):
        self.home = pathlib.Path(tempfile.mkdtemp(prefix="postfix-", dir="/var/tmp"))
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        for name in ("etc", "queue", "data"):
            (self.home / name).mkdir()
        os.chmod(self.home, 0o755)
        shutil.chown(self.home / "data", "postfix")
        (self.home / "etc/main.cf").write_text(MAIN.format(home=self.home))
        (self.home / "etc/master.cf").write_text(MASTER.format(port=self.port, url=url, sink=sink))
        self.run("start")
        for _ in range(100):
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return
            except OSError:
                time.sleep(0.1)
        raise AssertionError(f"Postfix does not start: {self.log()}")

    def run(self, *command):
        return subprocess.run(["postfix", "-c", str(self.home / "etc"), *command], capture_output=True, text=True, timeout=60)

    def log(self):
        log = self.home / "mail.log"
        return log.read_text() if log.exists() else ""

    def close(self):
        self.run("stop")
        shutil.rmtree(self.home, ignore_errors=True)
