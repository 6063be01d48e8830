"""Single sign-on with a certified provider, which really runs."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import select

from portal.core import clock, db
from portal.core.audit import AuditEntry
from portal.core.tenancy import Scope
from portal.features.accounts.models import Account, AccountSession, Ceremony, Provider, ProviderSubject
from portal.mail.models import Mail
from tests.browser import Browser
from tests.cast import Cast
from tests.features.accounts.provider import begin, change, path_of, said, set_up, sign_in, who
from tests.oidc.running import RunningProvider, new_key

pytestmark = pytest.mark.oidc
Browse = Callable[..., Browser]
KEY = new_key("first")


@pytest.fixture(scope="module")
def running() -> Iterator[RunningProvider]:
    provider = RunningProvider(KEY).start()
    yield provider
    provider.stop()


@pytest.fixture
def own() -> Iterator[RunningProvider]:
    """One that the test may stop, change and start again."""
    provider = RunningProvider(KEY).start()
    yield provider
    provider.stop()


@pytest.fixture
def nobody(cast: Cast, browse: Browse) -> Browser:
    return browse(host="cheapcall.localhost")


@pytest.fixture
def set_up_here(cast: Cast, running: RunningProvider) -> Provider:
    return set_up(cast.cheapcall, running.issuer)


def events() -> list[str]:
    with db.unit_of_work(Scope.platform()) as session:
        return list(session.scalars(select(AuditEntry.event).order_by(AuditEntry.id)))


# --- finding the account -----------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("set_up_here")
def test_a_proven_address_opens_the_account_that_has_it(cast: Cast, nobody: Browser, running: RunningProvider) -> None:
    answer = sign_in(nobody, running, "rita", "?next=/account")
    assert answer.headers["Location"] == "/account"
    assert "Rita" in (who(nobody) or "")
    with db.unit_of_work(Scope.platform()) as session:
        opened = session.scalars(select(AccountSession).where(AccountSession.method == "provider")).one()
        assert (opened.account_id, opened.host) == (cast.rita.account.id, "cheapcall.localhost")
        linked = session.scalars(select(ProviderSubject)).one()
        assert (linked.subject, linked.account_id) == ("rita", cast.rita.account.id)
        mail = session.scalars(select(Mail).where(Mail.kind == "provider_linked")).one()
        assert mail.recipient == "rita@cheapcall.example"
    assert events()[-2:] == ["provider-linked", "signed-in"]


@pytest.mark.usefixtures("set_up_here")
def test_from_then_on_the_subject_counts(cast: Cast, nobody: Browser, browse: Browse, running: RunningProvider) -> None:
    sign_in(nobody, running, "rita")
    change(cast.rita, email="other@cheapcall.example", username="other@cheapcall.example")
    again = browse(host="cheapcall.localhost")
    assert sign_in(again, running, "rita").headers["Location"] == "/"
    assert events().count("provider-linked") == 1


def test_an_address_that_only_the_user_info_says_is_found(cast: Cast, nobody: Browser) -> None:
    provider = RunningProvider(KEY, only_by_user_info=True).start()
    try:
        set_up(cast.cheapcall, provider.issuer)
        assert sign_in(nobody, provider, "rita").headers["Location"] == "/"
    finally:
        provider.stop()


@pytest.mark.usefixtures("set_up_here")
@pytest.mark.parametrize("account", ["unproven", "stranger"])
def test_who_cannot_be_found_reads_what_to_do(account: str, nobody: Browser, running: RunningProvider) -> None:
    answer = sign_in(nobody, running, account)
    assert answer.status_code == 403
    assert "Ask your provider to enter the e-mail address" in answer.text
    assert who(nobody) is None
    assert "provider-linked" not in events()


@pytest.mark.usefixtures("set_up_here")
@pytest.mark.parametrize("linked", [False, True])
def test_a_locked_account_is_like_none(linked: bool, cast: Cast, browse: Browse, running: RunningProvider) -> None:
    pages = []
    if linked:
        sign_in(browse(host="cheapcall.localhost"), running, "rita")
    for account in ("rita", "stranger"):
        change(cast.rita, status="locked")
        pages.append(sign_in(browse(host="cheapcall.localhost"), running, account))
    assert [page.status_code for page in pages] == [403, 403]
    assert _plain(pages[0].text) == _plain(pages[1].text)


def _plain(text: str) -> str:
    """Without tokens, and the address of the page."""
    return re.sub(r'value="[^"]*"', "", text)


@pytest.mark.usefixtures("set_up_here")
def test_an_address_that_two_have_opens_neither(cast: Cast, nobody: Browser, running: RunningProvider) -> None:
    for person in (cast.rita, cast.charlie):
        change(person, email="STRANGER@elsewhere.example", email_confirmed_at=clock.now())
    assert sign_in(nobody, running, "stranger").status_code == 403


@pytest.mark.usefixtures("set_up_here")
def test_an_account_of_another_reseller_is_none(cast: Cast, nobody: Browser, running: RunningProvider) -> None:
    change(cast.tom, email="stranger@elsewhere.example", email_confirmed_at=clock.now())
    assert sign_in(nobody, running, "stranger").status_code == 403


def test_accounts_are_opened_for_a_mail_domain(cast: Cast, nobody: Browser, browse: Browse, running: RunningProvider) -> None:
    set_up(cast.cheapcall, running.issuer, opens_for="staff.example")
    assert sign_in(nobody, running, "newcomer").headers["Location"] == "/"
    assert sign_in(browse(host="cheapcall.localhost"), running, "stranger").status_code == 403
    with db.unit_of_work(Scope.platform()) as session:
        nora = session.scalars(select(Account).where(Account.username == "nora@staff.example")).one()
        assert (nora.role, nora.name, nora.password_hash, nora.reseller_id) == ("care", "Nora Winter", None, cast.cheapcall.id)
    assert events()[-3:] == ["account-opened", "provider-linked", "signed-in"]


def test_whoever_was_locked_out_is_not_let_in_anew(cast: Cast, nobody: Browser, running: RunningProvider) -> None:
    set_up(cast.cheapcall, running.issuer, opens_for="cheapcall.example")
    change(cast.rita, status="locked")
    assert sign_in(nobody, running, "rita").status_code == 403


# --- a visit ends once, where it began ----------------------------------------------------------------------------------------


@pytest.mark.usefixtures("set_up_here")
def test_an_answer_counts_once(nobody: Browser, running: RunningProvider) -> None:
    back = path_of(running.sign_in(begin(nobody), "rita"))
    assert nobody.get(back).headers["Location"] == "/"
    nobody.post("/logout")
    assert "begun elsewhere, or too long ago" in said(nobody, nobody.get(back))
    assert who(nobody) is None


@pytest.mark.usefixtures("set_up_here")
def test_an_answer_counts_in_the_browser_that_asked(nobody: Browser, browse: Browse, running: RunningProvider) -> None:
    """Else somebody could be signed in unawares as somebody else."""
    back = path_of(running.sign_in(begin(nobody), "rita"))
    victim = browse(host="cheapcall.localhost")
    begin(victim)
    assert "begun elsewhere" in said(victim, victim.get(back))
    assert who(victim) is None


def test_an_answer_counts_at_the_host_where_it_was_asked(
    cast: Cast, nobody: Browser, browse: Browse, running: RunningProvider
) -> None:
    set_up(cast.cheapcall, running.issuer)
    set_up(cast.telephone, running.issuer)
    back = path_of(running.sign_in(begin(nobody), "rita"))
    elsewhere = browse(host="telephone.localhost")
    cookie = nobody.client.get_cookie("visit", domain="cheapcall.localhost")
    assert cookie is not None
    elsewhere.client.set_cookie("visit", cookie.value, domain="telephone.localhost")
    assert "begun elsewhere" in said(elsewhere, elsewhere.get(back))


@pytest.mark.usefixtures("set_up_here")
def test_an_answer_comes_within_ten_minutes(nobody: Browser, running: RunningProvider) -> None:
    back = path_of(running.sign_in(begin(nobody), "rita"))
    with clock.frozen(clock.now() + timedelta(minutes=11)):
        assert "too long ago" in said(nobody, nobody.get(back))


@pytest.mark.usefixtures("set_up_here")
def test_an_answer_that_nobody_asked_for_is_none(nobody: Browser) -> None:
    for query in ("", "?code=x", "?state=x&code=y", "?state=&error=access_denied"):
        assert "begun elsewhere" in said(nobody, nobody.get(f"/login/provider/back{query}"))


@pytest.mark.usefixtures("set_up_here")
def test_the_address_to_go_on_to_is_one_of_this_site(nobody: Browser, running: RunningProvider) -> None:
    assert sign_in(nobody, running, "rita", "?next=https://evil.example/").headers["Location"] == "/"


# --- what the provider says is checked ----------------------------------------------------------------------------------------


@pytest.mark.usefixtures("set_up_here")
def test_what_goes_there_is_the_code_flow_with_proof(nobody: Browser) -> None:
    asked = {name: values[0] for name, values in parse_qs(urlsplit(begin(nobody)).query).items()}
    assert asked["response_type"] == "code"
    assert asked["code_challenge_method"] == "S256"
    assert asked["redirect_uri"] == "http://cheapcall.localhost/login/provider/back"
    assert {"openid", "email"} <= set(asked["scope"].split())
    assert min(len(asked[name]) for name in ("state", "nonce", "code_challenge")) >= 43


@pytest.mark.usefixtures("set_up_here")
def test_a_wrong_nonce_is_refused(nobody: Browser, running: RunningProvider) -> None:
    back = path_of(running.sign_in(begin(nobody), "rita"))
    with db.unit_of_work(Scope.platform()) as session:
        begun = session.scalars(select(Ceremony)).one()
        begun.sealed = re.sub(r'"nonce": "[^"]+"', '"nonce": "another"', begun.sealed)
    assert "cannot be trusted" in said(nobody, nobody.get(back))
    assert who(nobody) is None


@pytest.mark.usefixtures("set_up_here")
def test_a_token_that_has_run_out_is_refused(nobody: Browser, running: RunningProvider) -> None:
    back = path_of(running.sign_in(begin(nobody), "rita"))
    with clock.frozen(clock.now() + timedelta(minutes=4)):
        assert "cannot be trusted" in said(nobody, nobody.get(back))


@pytest.mark.usefixtures("set_up_here")
def test_a_token_from_the_future_is_refused(nobody: Browser, running: RunningProvider) -> None:
    back = path_of(running.sign_in(begin(nobody), "rita"))
    with clock.frozen(clock.now() - timedelta(minutes=4)):
        assert "cannot be trusted" in said(nobody, nobody.get(back))


@pytest.mark.usefixtures("set_up_here")
def test_a_registration_that_has_changed_meanwhile_is_refused(nobody: Browser, running: RunningProvider) -> None:
    back = path_of(running.sign_in(begin(nobody), "rita"))
    with db.unit_of_work(Scope.platform()) as session:
        session.scalars(select(Provider)).one().client_id = "somebody-else"
    assert "did not sign you in" in said(nobody, nobody.get(back))


@pytest.mark.usefixtures("set_up_here")
@pytest.mark.parametrize("named", ["https://evil.example", ""])
def test_an_answer_from_somebody_else_is_refused(named: str, nobody: Browser, running: RunningProvider) -> None:
    """RFC 9207: the provider says who it is, and said before that it always does."""
    back = path_of(running.sign_in(begin(nobody), "rita"))
    assert "&iss=http" in back
    forged = re.sub(r"&iss=[^&]+", f"&iss={named}" if named else "", back)
    assert "cannot be trusted" in said(nobody, nobody.get(forged))


def test_a_provider_that_calls_itself_otherwise_is_none(cast: Cast, nobody: Browser, running: RunningProvider) -> None:
    set_up(cast.cheapcall, f"http://localhost:{running.port}")
    assert "cannot be trusted" in said(nobody, nobody.get("/login/provider"))


def test_new_keys_are_learnt(cast: Cast, nobody: Browser, browse: Browse, own: RunningProvider) -> None:
    set_up(cast.cheapcall, own.issuer)
    assert sign_in(nobody, own, "rita").headers["Location"] == "/"
    own.stop()
    own.key = new_key("second")
    own.start()
    assert sign_in(browse(host="cheapcall.localhost"), own, "rita").headers["Location"] == "/"


def test_a_key_replaced_under_its_old_name_is_learnt(cast: Cast, nobody: Browser, browse: Browse, own: RunningProvider) -> None:
    set_up(cast.cheapcall, own.issuer)
    sign_in(nobody, own, "rita")
    own.stop()
    own.key = new_key("first")
    own.start()
    assert sign_in(browse(host="cheapcall.localhost"), own, "rita").headers["Location"] == "/"


@pytest.mark.usefixtures("set_up_here")
def test_a_wrong_secret_is_refused(nobody: Browser, running: RunningProvider) -> None:
    with db.unit_of_work(Scope.platform()) as session:
        session.scalars(select(Provider)).one().client_secret = "no longer this one"
    assert "did not sign you in" in said(nobody, sign_in(nobody, running, "rita"))


# --- trouble ------------------------------------------------------------------------------------------------------------------


def test_a_provider_that_is_down_keeps_nobody_from_the_password(cast: Cast, nobody: Browser, own: RunningProvider) -> None:
    set_up(cast.cheapcall, own.issuer)
    begin(nobody)
    own.stop()
    with clock.frozen(clock.now() + timedelta(minutes=2)):
        page = said(nobody, nobody.get("/login/provider?next=/account"))
    card = page.partition('<div class="door-card">')[2]
    assert "Cheap Work does not answer right now" in card.partition("<form")[0], "above the form"
    assert 'name="password"' in card
    assert page.count("does not answer right now") == 1


def test_a_provider_that_goes_down_before_the_browser_is_back(cast: Cast, nobody: Browser, own: RunningProvider) -> None:
    set_up(cast.cheapcall, own.issuer)
    back = path_of(own.sign_in(begin(nobody), "rita"))
    own.stop()
    assert "does not answer right now" in said(nobody, nobody.get(back))


@pytest.mark.usefixtures("set_up_here")
def test_whoever_changes_their_mind_reads_a_sentence(nobody: Browser, running: RunningProvider) -> None:
    state = parse_qs(urlsplit(begin(nobody)).query)["state"][0]
    back = f"/login/provider/back?error=access_denied&state={state}&iss={running.issuer}"
    assert "Cheap Work did not sign you in" in said(nobody, nobody.get(back))


# --- confirming, and out ------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("set_up_here")
def test_who_came_from_the_provider_confirms_there(nobody: Browser, running: RunningProvider) -> None:
    sign_in(nobody, running, "rita")
    later = clock.now() + timedelta(minutes=11)
    with clock.frozen(later):
        guarded = nobody.get("/sign-in-rules/passwords")
        assert guarded.headers["Location"].startswith("/confirm?next=")
        assert "/login/provider?confirm=1" in nobody.follow(guarded).text
    with db.unit_of_work(Scope.platform()) as session:
        opened = session.scalars(select(AccountSession).where(AccountSession.method == "provider")).one()
        opened.confirmed_at = clock.now() - timedelta(minutes=11)
        before = opened.token_hash
    url = begin(nobody, "?confirm=1&next=/sign-in-rules/passwords")
    assert "prompt=login" in url
    assert "max_age=0" in url
    answer = nobody.get(path_of(running.sign_in(url, "rita")))
    assert answer.headers["Location"] == "/sign-in-rules/passwords"
    assert nobody.follow(answer).status_code == 200
    with db.unit_of_work(Scope.platform()) as session:
        opened = session.scalars(select(AccountSession).where(AccountSession.method == "provider")).one()
        assert opened.token_hash != before


@pytest.mark.usefixtures("set_up_here")
def test_only_the_same_person_confirms(cast: Cast, nobody: Browser, running: RunningProvider) -> None:
    sign_in(nobody, running, "rita")
    answer = nobody.get(path_of(running.sign_in(begin(nobody, "?confirm=1"), "stranger")))
    assert "you are somebody else" in said(nobody, answer)


@pytest.mark.usefixtures("set_up_here")
def test_signing_out_offers_to_sign_out_there(cast: Cast, nobody: Browser, running: RunningProvider) -> None:
    sign_in(nobody, running, "rita")
    out = nobody.post("/logout")
    assert out.headers["Location"] == "/signed-out"
    page = nobody.follow(out).text
    assert "You are signed out here." in page
    back = "http%3A%2F%2Fcheapcall.localhost%2Flogin"
    assert f"{running.issuer}/session/end?client_id=portal&amp;post_logout_redirect_uri={back}" in page
    assert who(nobody) is None


def test_who_came_by_password_signs_out_to_the_sign_in_page(cast: Cast, browse: Browse) -> None:
    assert browse(cast.rita).post("/logout").headers["Location"] == "/login"


# --- the button ---------------------------------------------------------------------------------------------------------------


def test_the_button_stands_at_the_resellers_own_hosts(cast: Cast, browse: Browse) -> None:
    set_up(cast.telephone, "https://id.example")
    shown = {host: "Sign in with Cheap Work" in browse(host=f"{host}.localhost").get("/login").text for host in HOSTS}
    assert shown == {"telephone": True, "lantern": True, "cheapcall": False, "isar": False}
    assert browse(host="cheapcall.localhost").get("/login/provider").status_code == 404


HOSTS = ("telephone", "lantern", "cheapcall", "isar")


def test_a_provider_that_is_not_in_use_has_no_button(cast: Cast, nobody: Browser) -> None:
    set_up(cast.cheapcall, "https://id.example", active=False)
    assert "Cheap Work" not in nobody.get("/login").text
    assert nobody.get("/login/provider").status_code == 404
