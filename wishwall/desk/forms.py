"""The desk's own forms."""

from flask_wtf.file import FileField
from wtforms import BooleanField

from wishwall.kit.forms import KeyedForm
from wishwall.kit.i18n import _l


class ImportForm(KeyedForm):
    file = FileField(_l("表格（CSV 或 XLSX）"))
    dry_run = BooleanField(_l("只检查，不写入"))
