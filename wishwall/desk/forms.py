"""The desk's own forms."""

from flask_wtf.file import FileField
from wtforms import BooleanField, Field, ValidationError

from wishwall.accounts.expected import employer_named
from wishwall.kit.errors import Refusal
from wishwall.kit.forms import KeyedForm, LineField, PhoneField
from wishwall.kit.i18n import _l


class VerifyForm(KeyedForm):
    """A courier who stands at the counter."""

    phone = PhoneField(_l("小哥的手机号"))


FILE = _l("表格（CSV 或 XLSX）")


class ImportForm(KeyedForm):
    file = FileField(FILE)
    dry_run = BooleanField(_l("只检查，不写入"))

    def validate_file(self, field: Field) -> None:
        if not field.data:
            raise ValidationError(_l("请选一个文件。"))

    def start_over(self) -> None:
        """For the next list: its file is chosen anew, and it counts."""
        self.renew_key()
        self.dry_run.data = False


class RosterForm(ImportForm):
    """An employer's list of couriers."""

    employer = LineField(_l("单位名称"))
    file = FileField(FILE)  # below the employer, as on the page: the first bad one takes the focus

    def validate_employer(self, field: LineField) -> None:
        try:
            employer_named(field.data or "")
        except Refusal as refusal:
            raise ValidationError(refusal.sentence) from refusal
