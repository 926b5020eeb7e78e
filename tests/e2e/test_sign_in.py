"""Setting up a passkey and signing in with it alone, in a browser that has a fingerprint reader."""

import pytest
from allauth.mfa.models import Authenticator

SECURITY = "/admin/akun/keamanan/"


@pytest.fixture
def page(sign_in):
    """A page of the Sekretaris on a telephone whose owner touches the reader whenever asked."""
    page = sign_in("sekretaris", width=360)
    tools = page.context.new_cdp_session(page)
    tools.send("WebAuthn.enable")
    reader = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    tools.send("WebAuthn.addVirtualAuthenticator", {"options": reader})
    return page


def test_a_passkey_signs_in_alone(page, office):
    page.goto(SECURITY)
    page.click("text=Tambah passkey")
    page.click("#passkey-add")
    page.wait_for_url("**/keamanan/pemulihan/")
    assert page.locator(".sign-in-codes li").count() == 10
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert Authenticator.objects.filter(user=office.sekretaris, type="webauthn").count() == 1
    page.context.clear_cookies()
    page.goto("/admin/login/?next=/admin/antrean/")
    page.click("#passkey-login")
    page.wait_for_url("**/admin/antrean/")
    # What the screen still asks for would be turned away, and lead elsewhere, once the cookies are gone.
    page.wait_for_load_state("networkidle")
    # The password alone does not do any more.
    page.context.clear_cookies()
    page.goto("/admin/login/")
    page.fill("input[name=login]", office.sekretaris.username)
    page.fill("input[name=password]", "kata-sandi-uji")
    page.click("button:text('Masuk') >> nth=0")
    page.wait_for_url("**/login/kode/")
    page.click("#passkey-authenticate")
    page.wait_for_url("**/admin/")


def test_a_refused_passkey_is_told_in_words(new_page):
    page = new_page()
    page.goto("/admin/login/")
    page.evaluate("() => { navigator.credentials.get = () => Promise.reject(new Error('batal')) }")
    page.click("#passkey-login")
    page.wait_for_selector("text=Passkey tidak terbaca")
