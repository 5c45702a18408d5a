"""The desk's own forms."""

from flask_wtf.file import FileField
from wtforms import BooleanField, Field, ValidationError

from wishwall.kit.forms import KeyedForm, PhoneField
from wishwall.kit.i18n import _l


class VerifyForm(KeyedForm):
    """A courier who stands at the counter."""

    phone = PhoneField(_l("小哥的手机号"))


class ImportForm(KeyedForm):
    file = FileField(_l("表格（CSV 或 XLSX）"))
    dry_run = BooleanField(_l("只检查，不写入"))

    def validate_file(self, field: Field) -> None:
        if not field.data:
            raise ValidationError(_l("请选一个文件。"))

    def start_over(self) -> None:
        """For the next list: its file is chosen anew, and it counts."""
        self.renew_key()
        self.dry_run.data = False
