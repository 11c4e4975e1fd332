"""What a WSGI server loads: ``gunicorn -c gunicorn.conf.py wsgi:app``."""

import os
import sys

from portal import create_app
from portal.logs import set_up_logs
from portal.settings import Settings, SettingsError

set_up_logs()
try:
    app = create_app(Settings.from_env(os.environ))
except SettingsError as error:
    sys.exit(f"错误：{error}")
