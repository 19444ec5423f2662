"""The one settings module. Everything that differs between machines comes from the environment."""

from pathlib import Path
from urllib.parse import urlsplit

import environ
from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.core.management.utils import get_random_secret_key

env = environ.Env()

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var")))

# --- where we are -----------------------------------------------------------------------------
DEBUG = env.bool("DEBUG", default=False)
PUBLIC_URL = env.str("PUBLIC_URL", default="http://127.0.0.1:8000")
PUBLIC_HOST = urlsplit(PUBLIC_URL).hostname or "127.0.0.1"
IS_SECURE = PUBLIC_URL.startswith("https://")
IS_LOCAL = PUBLIC_HOST in {"127.0.0.1", "localhost", "::1"}
ALLOWED_HOSTS = env.list(
    "ALLOWED_HOSTS", default=[PUBLIC_HOST, *(["localhost", "127.0.0.1"] if IS_LOCAL else [])]
)
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]

# Without a given key one is made for this process alone: commands work, servers refuse (see asgi.py).
SECRET_KEY_GIVEN = env.str("SECRET_KEY", default="")
SECRET_KEY = SECRET_KEY_GIVEN or get_random_secret_key()
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])

# --- what is installed ------------------------------------------------------------------------
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "channels",
    "rest_framework",
    "drf_spectacular",
    "django_htmx",
    "heroicons",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "guild",
    "governance",
    "lounges",
    "colonies",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "guild.portal.static_files.StaticFiles",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "guild.tenancy.middleware.SignInMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "guild.portal.once.OnceMiddleware",
    "governance.policies.refusals.RefusalMiddleware",  # outside the tenant, which is rolled back
    "governance.policies.unreadable.UnreadableLawMiddleware",  # so is this
    "guild.tenancy.middleware.TenantMiddleware",
    "allauth.account.middleware.AccountMiddleware",  # inside the tenant: it answers some exceptions itself
]

ROOT_URLCONF = "guild.urls"
ASGI_APPLICATION = "guild.asgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "libraries": {"portal": "guild.portal.templatetags.portal"},
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "guild.portal.navigation.navigation",
            ],
        },
    },
]

# --- what it keeps, and where -----------------------------------------------------------------
DATABASE = env.db("DATABASE_URL", default="postgresql://dreamscape_app@/dreamscape")
DATABASES = {
    "default": {
        **DATABASE,
        "ENGINE": "django.db.backends.postgresql",
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": True,  # a connection that a restarted Postgres dropped is replaced, not used
        "ATOMIC_REQUESTS": False,  # tenancy.context opens the transaction, and says whose it is
        "OPTIONS": {
            **DATABASE.get("OPTIONS", {}),  # a Unix socket's folder comes as an option of the URL
            "pool": {"min_size": 1, "max_size": env.int("DATABASE_POOL", default=12), "timeout": 10},
            # Of the ledger's own statement alone (ledger/rows.py); not behind a pooler that gives every
            # transaction another connection.
            "prepare_threshold": 3 if env.bool("DATABASE_PREPARES", default=True) else None,
        },
    }
}
DATABASES["default"]["OPTIONS"].update(env.dict("DATABASE_OPTIONS", default={}))
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.str("REDIS_URL", default="redis://127.0.0.1:6379/0")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "dreamscape",
    }
}
SESSION_ENGINE = "django.contrib.sessions.backends.db"  # a restarted Valkey signs nobody out

VAULT_KEY_FILE = Path(env.str("VAULT_KEY_FILE", default=str(VAR_DIR / "secrets" / "vault-keys.json")))
VAULT_KEYS = env.str("VAULT_KEYS", default="")
LEDGER_SEED_FILE = Path(env.str("LEDGER_SEED_FILE", default=str(VAR_DIR / "secrets" / "ledger-seed")))
LEDGER_SEED = env.str("LEDGER_SEED", default="")
# Signs what rings in browsers. Without it that way of reminding is not offered; a new one parts all devices.
PUSH_KEY_FILE = Path(env.str("PUSH_KEY_FILE", default=str(VAR_DIR / "secrets" / "push-key")))
PUSH_KEY = env.str("PUSH_KEY", default="")
# Whose devices may ring: hosts, with *. for all below one. Nothing else is ever called.
PUSH_SERVICES = env.list(
    "PUSH_SERVICES",
    default=[
        "fcm.googleapis.com",
        "*.push.services.mozilla.com",
        "*.push.apple.com",
        "*.notify.windows.com",
    ],
)
PUSH_TIMEOUT = env.float("PUSH_TIMEOUT", default=5.0)  # seconds

LEDGER_WITNESSES = env.str("LEDGER_WITNESSES", default="")  # "<vkey> <url> ...": who cosigns our logs
LEDGER_WITNESSED_LOGS = env.str("LEDGER_WITNESSED_LOGS", default="")  # "<vkey> ...": whose we cosign

# --- background work --------------------------------------------------------------------------
CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://", 1)
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 600, "queue_order_strategy": "priority"}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_CONCURRENCY = env.int("WORKER_CONCURRENCY", default=2)  # each takes about 140 MB
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_ROUTES = {"dreamscapes.*": {"queue": "blend"}, "oversight.audit": {"queue": "audit"}}
AUDIT_BLENDS_MADE_AGAIN = env.int("AUDIT_BLENDS_MADE_AGAIN", default=5)  # in each audit of a guild
CELERY_TASK_SERIALIZER = "json"
CELERY_TIMEZONE = "UTC"
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULE_FILENAME = env.str(
    "CELERY_BEAT_SCHEDULE_FILENAME", default=str(VAR_DIR / "beat-schedule")
)
CELERY_BEAT_SCHEDULE = {
    "deliberation.turn": {"task": "deliberation.turn", "schedule": 15.0, "options": {"expires": 15}},
    "ledger.checkpoint": {"task": "ledger.checkpoint", "schedule": 15.0, "options": {"expires": 15}},
    "exchange.count_cultures": {
        "task": "exchange.count_cultures",
        "schedule": crontab(hour=4, minute=10),
    },
    "oversight.audit_every_guild": {
        "task": "oversight.audit_every_guild",
        "schedule": crontab(hour=3, minute=20),
    },
    "oversight.remind": {
        "task": "oversight.remind",
        "schedule": 900.0,
        "options": {"expires": 900},
    },
    "oversight.resume_audits": {
        "task": "oversight.resume_audits",
        "schedule": 15.0,
        "options": {"expires": 15},
    },
    "sessions.give_back_overdue": {
        "task": "sessions.give_back_overdue",
        "schedule": 900.0,
        "options": {"expires": 900},
    },
    "reminders.send_due": {"task": "reminders.send_due", "schedule": 30.0, "options": {"expires": 30}},
    "sessions.tell_soon": {"task": "sessions.tell_soon", "schedule": 60.0, "options": {"expires": 60}},
    "exchange.tell_letters": {
        "task": "exchange.tell_letters",
        "schedule": 300.0,
        "options": {"expires": 300},
    },
    "notifications.send_due": {
        "task": "notifications.send_due",
        "schedule": 30.0,
        "options": {"expires": 30},
    },
    "offices.end_terms": {"task": "offices.end_terms", "schedule": crontab(minute=5)},
    "offices.close_guilds": {"task": "offices.close_guilds", "schedule": crontab(minute=35)},
    "portal.forget_staged": {"task": "portal.forget_staged", "schedule": crontab(hour=4, minute=40)},
    "portal.heartbeat": {"task": "portal.heartbeat", "schedule": 10.0, "options": {"expires": 10}},
    "dreamscapes.resume_stalled": {
        "task": "dreamscapes.resume_stalled",
        "schedule": 10.0,
        "options": {"expires": 10},
    },
}

# --- people -----------------------------------------------------------------------------------
AUTH_USER_MODEL = "guild.Dreamer"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "portal:night"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_SIGNUP_FORM_CLASS = "guild.dreamers.forms.SignupFields"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = env.str("EMAIL_VERIFICATION", default="mandatory")
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True  # a changed password, address or factor is told to its owner
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_SESSION_REMEMBER = True
# Beside the library's own: guessing codes of invitations, and sending letters to strangers.
ACCOUNT_RATE_LIMITS = {"open_invitation": "20/m/ip", "send_invitation": "20/h/user"}
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if IS_SECURE else "http"
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)
MFA_ADAPTER = "guild.dreamers.adapters.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "DreamScape Guild"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = IS_LOCAL

# --- the API ----------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": [
        "guild.tenancy.api_parsers.JSONParser",
        "rest_framework.parsers.MultiPartParser",
    ],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_PAGINATION_CLASS": "rest_framework.pagination.LimitOffsetPagination",
    "DEFAULT_THROTTLE_CLASSES": ["rest_framework.throttling.UserRateThrottle"],
    "DEFAULT_THROTTLE_RATES": {"user": env.str("API_RATE", default="600/min")},
    "PAGE_SIZE": 50,
    "EXCEPTION_HANDLER": "guild.portal.api_errors.handle",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "DreamScape Guild",
    "DESCRIPTION": "Record dreams, lend them to sessions, see what a guild dreamt together, take it back.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": True,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "ENUM_NAME_OVERRIDES": {
        "PurposeEnum": "governance.consent.enums.Purpose",
        "OfferTermsEnum": "colonies.exchange.enums.Terms",
        "GivenTermsEnum": "colonies.exchange.enums.GIVEN_CHOICES",
        "ConsentStateEnum": "governance.consent.enums.ConsentState",
        "RunStateEnum": "lounges.dreamscapes.enums.RunState",
        "SessionStateEnum": "lounges.sessions.enums.SessionState",
        "ContributionStateEnum": "lounges.sessions.enums.ContributionState",
        "ImportFormatEnum": "guild.journal.enums.ImportFormat",
        "AuditStateEnum": "governance.audits.enums.AuditState",
        "KindEnum": "guild.journal.enums.DreamKind",
        "FindingStateEnum": "governance.audits.enums.FindingState",
        "OfficeEnum": "guild.tenancy.enums.Office",
        "HeldOfficeEnum": "governance.offices.forms.HELD",
        "GuildActKindEnum": "governance.offices.enums.GuildActKind",
        "GuildActStateEnum": "governance.offices.enums.GuildActState",
        "HandoverStateEnum": "governance.offices.enums.HandoverState",
        "OutcomeEnum": "governance.oversight.enums.Outcome",
        "RemedyKindEnum": "governance.oversight.enums.RemedyKind",
        "RemedyStateEnum": "governance.oversight.enums.RemedyState",
        "RulingStateEnum": "governance.oversight.enums.RulingState",
        "SeverityEnum": "governance.audits.enums.Severity",
        "VerdictEnum": "governance.oversight.enums.Verdict",
        "ExperienceVersionStateEnum": "lounges.experiences.enums.VersionState",
        "ExperienceStandingEnum": "lounges.experiences.enums.Standing",
        "ReportStateEnum": "governance.moderation.enums.ReportState",
        "ReportReasonEnum": "governance.moderation.enums.Reason",
        "ModerationDecisionEnum": "governance.moderation.enums.Decision",
        "ModerationOutcomeEnum": "governance.moderation.enums.Outcome",
        "ProposalKindEnum": "governance.deliberation.enums.Kind",
        "ProposalStateEnum": "governance.deliberation.enums.State",
        "ProposalResultEnum": "governance.deliberation.enums.RESULTS_OR_NONE",
        "VotingMethodEnum": "governance.deliberation.enums.METHODS",
        "ArgumentStanceEnum": "governance.deliberation.enums.Stance",
        "AmendmentStateEnum": "governance.deliberation.enums.AmendmentState",
        "PetitionStateEnum": "governance.deliberation.enums.PetitionState",
    },
}

# --- language, time and files -----------------------------------------------------------------
LANGUAGE_CODE = "en-gb"
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True
STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(VAR_DIR / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": env.str("STATICFILES_STORAGE", default="guild.portal.static_files.HashedStaticFiles")
    },
}
DATA_UPLOAD_MAX_MEMORY_SIZE = (
    12 * 1024 * 1024
)  # an import of some thousand dreams; fields have limits of their own
FILE_UPLOAD_MAX_MEMORY_SIZE = 13 * 1024 * 1024  # past this the handler below drops a file unsaid
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler"
]  # dreams never touch a disk in clear

# --- mail -------------------------------------------------------------------------------------
EMAIL_CONFIG = env.email(
    "EMAIL_URL", default=f"filemail:///{VAR_DIR / 'mail'}"
)  # of four slashes, so that the path is absolute
vars().update(EMAIL_CONFIG)
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default=f"DreamScape Guild <guild@{PUBLIC_HOST}>")

SECURITY_CONTACT = env.str("SECURITY_CONTACT", default=f"mailto:security@{PUBLIC_HOST}")

# --- who answers for what is kept: stands in receipts and in the record of processing ------------
OPERATOR_NAME = env.str("OPERATOR_NAME", default=f"the operator of {PUBLIC_HOST}")
OPERATOR_ADDRESS = env.str("OPERATOR_ADDRESS", default=PUBLIC_URL)
PRIVACY_CONTACT = env.str("PRIVACY_CONTACT", default=f"mailto:privacy@{PUBLIC_HOST}")
STORAGE_LOCATION = env.str("STORAGE_LOCATION", default=f"the servers of {PUBLIC_HOST}")
JURISDICTION = env.str("JURISDICTION", default="EU")
SUPERVISORY_AUTHORITY = env.str(
    "SUPERVISORY_AUTHORITY", default="the supervisory authority of the country in which you live (GDPR 77)"
)

# --- walls ------------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = IS_SECURE
CSRF_COOKIE_SECURE = IS_SECURE
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "guild.portal.errors.csrf_failure"
SECURE_SSL_REDIRECT = IS_SECURE
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 31_536_000 if IS_SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = IS_SECURE
SECURE_HSTS_PRELOAD = IS_SECURE
if env.bool("BEHIND_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "guild.portal.log_lines.WordlessLines",
            "format": "%(asctime)s %(levelname)s %(name)s %(message)s",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {"django.db.backends": {"level": "INFO"}},  # never statements: they hold parameters
}
