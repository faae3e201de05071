"""Signing up, in and out over HTTP."""

from collections.abc import Mapping
from typing import Annotated, Literal, Self
from uuid import UUID

from fastapi import APIRouter, Cookie, Response
from pydantic import BaseModel, ConfigDict, Field

from vitasense.api.bootstrap import Services
from vitasense.api.deps import Address, Caller, OptionalCaller, Service
from vitasense.deterministic.auth import SignedIn
from vitasense.deterministic.platform.access import Principal, Role
from vitasense.deterministic.platform.problems import NotSignedIn

COOKIE = "vitasense_refresh"
COOKIE_PATH = "/v1/auth"
COOKIE_SECONDS = 30 * 24 * 3600

router = APIRouter(prefix="/v1/auth", tags=["auth"])
keys = APIRouter(tags=["auth"])

Email = Annotated[str, Field(max_length=320, examples=["maria@example.org"])]
Password = Annotated[str, Field(max_length=1024, repr=False, examples=["correct horse battery"])]
Code = Annotated[
    str,
    Field(
        max_length=200,
        repr=False,
        description="From the link that was mailed",
        examples=["dGhpcyBpcyBubyByZWFsIGNvZGUgYXQgYWxs"],
    ),
]
RefreshCookie = Annotated[str | None, Cookie(alias=COOKIE, include_in_schema=False)]


class Strict(BaseModel):
    """A request body that holds nothing unknown."""

    model_config = ConfigDict(extra="forbid")


class Registration(Strict):
    """Only patients open their own accounts."""

    email: Email
    password: Password
    name: Annotated[str, Field(max_length=500, examples=["Maria Alvarez"])]
    role: Literal["patient"] = "patient"


class Credentials(Strict):
    """`cookie: false` asks for the refresh token in the answer instead of a cookie."""

    email: Email
    password: Password
    cookie: bool = True


class Refresh(Strict):
    """A client without cookies sends its refresh token and `cookie: false`."""

    refresh_token: Annotated[str | None, Field(max_length=200, repr=False)] = None
    cookie: bool = True


class Verification(Strict):
    """The code of the mailed link."""

    token: Code


class Forgotten(Strict):
    """Whose password was forgotten."""

    email: Email


class NewPassword(Strict):
    """The code of the mailed link and the password to set."""

    token: Code
    password: Password


class Message(BaseModel):
    """What happens next."""

    message: str


class AccountView(BaseModel):
    """Who is signed in."""

    id: UUID
    email: str
    name: str
    role: Role

    @classmethod
    def of(cls, principal: Principal) -> Self:
        """The view of a principal."""
        return cls(id=principal.account_id, email=principal.email, name=principal.name, role=principal.role)


class Session(BaseModel):
    """A session's tokens; `refresh_token` only when no cookie was wanted."""

    access_token: str
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105 - RFC 6750's name
    expires_in: int = Field(description="Seconds", examples=[600])
    account: AccountView
    refresh_token: str | None = None


@router.post("/register", status_code=202)
async def register(body: Registration, services: Service, address: Address) -> Message:
    """Open a patient's account. The answer is the same when there is one already; its owner is told by mail."""
    await services.accounts.register(body.email, body.password, body.name, address)
    return Message(message="We sent you a mail. Follow its link to go on.")


@router.post("/verify", status_code=204)
async def verify(body: Verification, services: Service) -> None:
    """Confirm the e-mail address with the mailed code."""
    await services.accounts.verify(body.token)


@router.post("/login", response_model_exclude_none=True)
async def login(body: Credentials, response: Response, services: Service, address: Address) -> Session:
    """Begin a session. Every refusal reads the same; too many attempts are answered with 429 and Retry-After."""
    signed_in = await services.auth.log_in(body.email, body.password, address)
    return _session(signed_in, response, services, in_cookie=body.cookie)


@router.post("/refresh", response_model_exclude_none=True)
async def refresh(
    response: Response, services: Service, body: Refresh | None = None, from_cookie: RefreshCookie = None
) -> Session:
    """Exchange the refresh token, which works once: when it comes twice, the session ends."""
    body = body or Refresh()
    token = body.refresh_token or from_cookie
    if not token:
        raise NotSignedIn("There is no session to renew.")
    return _session(await services.auth.refresh(token), response, services, in_cookie=body.cookie)


@router.post("/logout", status_code=204)
async def logout(
    services: Service, response: Response, caller: OptionalCaller, from_cookie: RefreshCookie = None
) -> None:
    """End this session: that of the access token, or of the cookie when the access token ran out."""
    if caller:
        await services.auth.log_out(caller)
    elif from_cookie:
        await services.auth.log_out_by_refresh_token(from_cookie)
    _forget_cookie(response)


@router.post("/logout-everywhere", status_code=204)
async def logout_everywhere(caller: Caller, services: Service, response: Response) -> None:
    """End all sessions of the account."""
    await services.auth.log_out_everywhere(caller)
    _forget_cookie(response)


@router.post("/password/forgot", status_code=202)
async def forgot_password(body: Forgotten, services: Service, address: Address) -> Message:
    """Mail a link to a new password, when there is such an account; the answer is the same when there is none."""
    await services.accounts.forgot_password(body.email, address)
    return Message(message="If there is an account with this e-mail, we sent a mail to it.")


@router.post("/password/reset", status_code=204)
async def reset_password(body: NewPassword, services: Service) -> None:
    """Set a new password with the mailed code; every session ends."""
    await services.accounts.reset_password(body.token, body.password)


@router.get("/me")
async def me(caller: Caller) -> AccountView:
    """Who is signed in."""
    return AccountView.of(caller)


@keys.get("/.well-known/jwks.json")
async def jwks(services: Service, response: Response) -> Mapping[str, object]:
    """The public keys of access tokens (RFC 7517)."""
    response.headers["Cache-Control"] = "public, max-age=300"
    return services.auth.jwks()


def _session(signed_in: SignedIn, response: Response, services: Services, *, in_cookie: bool) -> Session:
    if in_cookie:
        response.set_cookie(
            COOKIE,
            signed_in.refresh_token,
            max_age=COOKIE_SECONDS,
            path=COOKIE_PATH,
            secure=services.settings.base_url.startswith("https://"),
            httponly=True,
            samesite="strict",
        )
    account = signed_in.account
    return Session(
        access_token=signed_in.access_token,
        expires_in=signed_in.expires_in,
        account=AccountView(id=account.id, email=account.email, name=account.name, role=account.role),
        refresh_token=None if in_cookie else signed_in.refresh_token,
    )


def _forget_cookie(response: Response) -> None:
    response.delete_cookie(COOKIE, path=COOKIE_PATH, httponly=True, samesite="strict")
