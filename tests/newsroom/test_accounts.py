"""Getting to the desk: guessing is slowed down, a second factor is asked of those who have one, or of everybody."""

import logging

import pytest
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import Group, Permission, User
from django.test import Client
from django_otp.oath import TOTP, hotp
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from newsroom.http import client_address

pytestmark = pytest.mark.django_db
PASSWORD = "a-harbour-of-words"
LOGIN, FACTOR = "/admin/login/", "/admin/second-factor/"


@pytest.fixture
def ines() -> User:
    return User.objects.create_superuser("ines", password=PASSWORD)


def log_in(client: Client, password: str = PASSWORD, code: str = "", **more):
    return client.post(LOGIN, {"username": "ines", "password": password, "code": code}, **more)


def code_of(user: User) -> str:
    """A code that the app shows next and that was not used yet; and no wait for the wrong ones before it."""
    device = TOTPDevice.objects.get(user=user)
    for throttled in (device, *StaticDevice.objects.filter(user=user)):
        throttled.throttle_reset()
    TOTPDevice.objects.filter(pk=device.pk).update(tolerance=5)
    now = TOTP(device.bin_key, device.step, device.t0, device.digits).t()
    return f"{hotp(device.bin_key, max(now, device.last_t + 1), device.digits):06d}"


def set_up(client: Client, user: User) -> list[str]:
    client.get(FACTOR)
    page = client.post(FACTOR, {"what": "on", "code": code_of(user)})
    return page.context["codes"]


def test_after_five_wrong_passwords_the_right_one_does_not_help(ines):
    client = Client()
    for _ in range(5):
        log_in(client, "guess")
    answer = log_in(client)
    assert answer.status_code == 429
    assert "too many wrong passwords" in answer.content.decode()
    assert "Django" not in answer.content.decode()
    assert log_in(Client(REMOTE_ADDR="192.0.2.7")).status_code == 429
    bram = User.objects.create_superuser("bram", password=PASSWORD)
    elsewhere = Client(REMOTE_ADDR="192.0.2.8")
    assert elsewhere.post(LOGIN, {"username": bram.username, "password": PASSWORD}).status_code == 302


def test_failures_are_logged_without_the_password(ines, caplog):
    with caplog.at_level(logging.INFO):
        log_in(Client(), "a-secret-guess")
    assert "AXES" in caplog.text
    assert "a-secret-guess" not in caplog.text


def test_without_a_second_factor_the_password_is_enough(ines):
    assert log_in(Client()).status_code == 302


def test_once_it_is_set_up_a_code_is_asked_for_and_each_recovery_code_works_once(ines):
    client = Client()
    log_in(client)
    codes = set_up(client, ines)
    assert (len(codes), client.get("/admin/").status_code) == (10, 200)
    assert "Enter the code" in log_in(Client()).content.decode()
    assert "wrong" in log_in(Client(), code="000000").content.decode()
    assert log_in(Client(), code=code_of(ines)).status_code == 302
    assert log_in(Client(), code=codes[0].upper()).status_code == 302
    assert log_in(Client(), code=codes[0]).status_code == 200
    assert StaticToken.objects.count() == 9


def test_a_wrong_code_switches_nothing_on_or_off(ines):
    client = Client()
    log_in(client)
    client.get(FACTOR)
    client.post(FACTOR, {"what": "on", "code": "000000"})
    assert not TOTPDevice.objects.get().confirmed
    set_up(client, ines)
    client.post(FACTOR, {"what": "off", "code": "000000"})
    assert TOTPDevice.objects.get().confirmed


def test_it_is_switched_off_with_a_code(ines):
    client = Client()
    log_in(client)
    codes = set_up(client, ines)
    client.post(FACTOR, {"what": "off", "code": codes[0]})
    assert log_in(Client()).status_code == 302


def test_who_lost_the_phone_gets_it_taken_away_but_not_a_superuser_by_a_chief(ines):
    set_up_client = Client()
    log_in(set_up_client)
    set_up(set_up_client, ines)
    chief = User.objects.create_user("chief", is_staff=True)
    chief.groups.set([Group.objects.get(name="Chief")])
    for who, left in ((chief, 1), (User.objects.create_superuser("boss"), 0)):
        client = Client()
        client.force_login(who, "newsroom.rights.GroupsBackend")
        client.post("/admin/auth/user/", {"action": "take_factor_away", "_selected_action": [ines.pk]})
        assert TOTPDevice.objects.count() == left


def test_whoever_locked_themselves_out_is_let_in_again_by_a_chief_but_no_superuser_is():
    chief = User.objects.create_user("chief", is_staff=True)
    chief.groups.set([Group.objects.get(name="Chief")])
    desk = Client()
    desk.force_login(chief, "newsroom.rights.GroupsBackend")
    for make, status in ((User.objects.create_user, 302), (User.objects.create_superuser, 429)):
        user = make("ines", password=PASSWORD, is_staff=True)
        for _ in range(5):
            log_in(Client(), "wrong")
        assert log_in(Client()).status_code == 429
        page = desk.post(
            "/admin/auth/user/", {"action": "let_in_again", "_selected_action": [user.pk, chief.pk]}, follow=True
        )
        words = "They can log in again: ines." if status == 302 else "No wrong password was counted against any"
        assert words in page.content.decode()
        assert log_in(Client()).status_code == status
        user.delete()


def test_where_it_is_required_nobody_gets_further_without(ines, settings):
    settings.SECOND_FACTOR = "required"
    client = Client()
    log_in(client)
    assert client.get("/admin/articles/article/").status_code == 302
    assert client.get("/admin/", follow=True).redirect_chain[-1][0] == FACTOR
    set_up(client, ines)
    assert client.get("/admin/articles/article/").status_code == 200


def test_the_way_to_set_one_up_is_on_each_page_of_the_desk(ines):
    client = Client()
    log_in(client)
    assert f'<a href="{FACTOR}">Second factor</a>' in client.get("/admin/").content.decode()


def test_a_new_account_may_log_in_and_is_put_into_its_group_at_once(ines):
    client = Client()
    log_in(client)
    form = client.get("/admin/auth/user/add/").content.decode()
    assert "May log in to the desk" in form
    assert "reporters write" in form
    group = Group.objects.get(name="Reporter")
    client.post(
        "/admin/auth/user/add/",
        {"username": "bram", "password1": PASSWORD, "password2": PASSWORD, "usable_password": "true",
         "is_staff": "on", "groups": [group.pk]},
    )  # fmt: skip
    bram = User.objects.get(username="bram")
    assert (bram.is_staff, list(bram.groups.all())) == (True, [group])


def test_readers_cannot_set_one_up():
    assert Client().get(FACTOR).status_code == 302
    assert not TOTPDevice.objects.exists()


@pytest.mark.parametrize(("behind", "address"), [(False, "192.0.2.1"), (True, "192.0.2.9")])
def test_only_a_proxy_of_ours_is_believed_where_a_request_comes_from(behind, address, rf, settings):
    settings.BEHIND_PROXY = behind
    request = rf.get("/", REMOTE_ADDR="192.0.2.1", headers={"X-Forwarded-For": "203.0.113.5, 192.0.2.9"})
    assert client_address(request) == address


def test_rights_are_those_of_the_user_and_of_all_groups_and_of_nobody_inactive():
    user = User.objects.create_user("both")
    for number, codename in enumerate(("view_article", "view_quote", "view_topic")):
        right = Permission.objects.get(codename=codename)
        if number:
            group = Group.objects.create(name=codename)
            group.permissions.add(right)
            user.groups.add(group)
        else:
            user.user_permissions.add(right)
    expected = {"articles.view_article", "quotes.view_quote", "articles.view_topic"}
    assert user.get_all_permissions() == expected
    assert ModelBackend().get_all_permissions(User.objects.get(pk=user.pk)) == expected
    user.is_active = False
    user.save()
    assert not User.objects.get(pk=user.pk).has_perm("articles.view_article")
