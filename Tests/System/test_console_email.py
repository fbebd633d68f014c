"""E-mail sending and the mail catcher in a real browser: set up by hand, a mail sent and looked at, on a desk and on a telephone, in light and in dark."""
import smtplib

import pytest

from browser_bench import chromium
from console_client import PASSWORD, Reader, no_barriers
from harness import Martlet
from test_console_walk import find, fits, no_complaints, press, shot, submit

MAIL = b"""From: Wren <shop@wren.example>\r
To: ada@example.com\r
Subject: =?utf-8?B?xJ55IHRlYQ==?=\r
Content-Type: multipart/alternative; boundary=b\r
\r
--b\r
Content-Type: text/plain; charset=utf-8\r
\r
Assam, as text\r
--b\r
Content-Type: text/html; charset=utf-8\r
\r
<html><head></head><body><h1>Assam</h1><script>document.title='owned'</script><a href="https://tea.example/">Teas</a></body></html>\r
--b--\r
"""


@pytest.fixture(scope="module")
def shop():
    martlet = Martlet(args=["--mail-catcher", "0"])
    martlet.start()
    martlet.reader = Reader(martlet).set_password()
    yield martlet
    martlet.close()


def test_it_is_set_up_tried_and_looked_at(shop):
    driver = chromium()
    driver.implicitly_wait(5)
    try:
        driver.get(shop.url + "/sign-in?next=/w/main/email")
        submit(driver, "main form", password=PASSWORD)
        assert "Not set up yet" in find(driver, "header.head").text
        shot(driver, "email-new")
        submit(driver, "form.editor", fromName="Wren & Daughters", fromAddress="shop@wren.example", host="catcher", postalAddress="1 Tea Lane\nLondon")
        assert "E-mail sending is set up" in find(driver, "main").text and "v=DKIM1" in find(driver, "main").text
        fits(driver)
        shot(driver, "email")
        submit(driver, "form[action$='/email/test']", to="ada@example.com")
        assert "The server took it over" in find(driver, "main").text
        for theme in ["dark", "light"]:
            driver.get(shop.url + "/w/main/email?theme=" + theme)
            shot(driver, "email-" + theme)
        port = shop.api("/api/v1/mail-catcher")["port"]
        with smtplib.SMTP("127.0.0.1", port, timeout=10) as client:
            client.sendmail("shop@wren.example", ["ada@example.com"], MAIL)
        driver.get(shop.url + "/w/main/catcher")
        fits(driver)
        shot(driver, "catcher")
        press(driver, "table a")
        assert find(driver, "h1").text == "Ğy tea"
        fits(driver)
        shot(driver, "caught")
        driver.switch_to.frame(find(driver, "iframe.mail-frame"))
        assert find(driver, "h1").text == "Assam"
        driver.switch_to.default_content()
        assert driver.title != "owned"
        driver.get(shop.url + "/w/main/catcher?theme=dark")
        press(driver, "table a")
        shot(driver, "caught-dark")
        driver.get(shop.url + "/w/main/catcher")
        press(driver, "form[action$='/catcher/clear'] button")
        assert "No mail yet" in find(driver, "main").text
        shot(driver, "catcher-empty")
        # The sandbox says that it kept a script from running, and that alone.
        assert not [line for line in driver.get_log("browser") if line["level"] == "SEVERE" and "favicon" not in line["message"] and "script" not in line["message"].lower()]
    finally:
        driver.quit()


def test_axe_finds_nothing(shop):
    shop.call("PATCH", "/api/v1/channels/email", json={"from": {"address": "shop@wren.example"}, "host": "catcher"})
    shop.call("POST", "/api/v1/channels/email/test", json={"to": "ada@example.com"})
    number = shop.api("/api/v1/mail-catcher")["mails"][0]["number"]
    driver = chromium()
    driver.implicitly_wait(5)
    try:
        driver.get(shop.url + "/sign-in?next=/w/main/email")
        submit(driver, "main form", password=PASSWORD)
        for width in (1440, 390):
            driver.set_window_size(width, 1000)
            for page in ("/w/main/email", "/w/main/catcher", f"/w/main/catcher/{number}", "/w/main/templates/new"):
                driver.get(shop.url + page)
                no_barriers(driver, page, width)
        no_complaints(driver)
    finally:
        driver.quit()
