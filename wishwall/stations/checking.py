"""One row of a city's spreadsheet: what it says of a station, and what was found about it.

All that is wrong with a row is found at once, so that the office corrects it in one go.
"""

from wishwall.stations import corrections
from wishwall.stations.cells import CODE, PHONE, check_code, check_phone, fits, text_of
from wishwall.stations.findings import Checked
from wishwall.stations.hours import HoursError, parse_hours
from wishwall.stations.models import Station
from wishwall.stations.reading import Row

LAT, LON = "纬度", "经度"
TEXTS = {
    CODE: "code",
    "驿站名称": "name",
    "区县": "district",
    "街道": "street",
    "地址": "address",
    "依托场所": "host",
    "服务对象": "serves",
    "开放时间": "hours",
    PHONE: "phone",
    "特色": "specialities",
}
AMENITY_COLUMNS = {
    "空调": "air-conditioning",
    "沙发桌椅": "seats",
    "微波炉": "microwave",
    "饮水机": "water",
    "书架": "books",
    "药箱": "first-aid",
    "雨伞": "umbrella",
    "工具箱": "tools",
    "充电插座": "sockets",
    "无线网": "wifi",
}
REQUIRED = (CODE, "驿站名称", "区县", "街道", "地址", "依托场所", LON, LAT, "开放时间")
OPTIONAL = ("服务对象", PHONE, "特色", *AMENITY_COLUMNS)

_LIMITS = {column: getattr(Station, name).type.length for column, name in TEXTS.items()}


def check(row: Row) -> Checked:
    """Understand a row that is not empty."""
    checked = Checked(row.number)
    if not fits(row, checked):
        return checked
    for column, name in TEXTS.items():
        if column in row.cells:
            raw, longest, required = row.cells[column], _LIMITS[column], column in REQUIRED
            checked.fields[name] = text_of(checked, column, raw, longest=longest, required=required)
    check_code(checked)
    _district(checked)
    _hours(checked)
    check_phone(checked)
    _place(checked, row.cells)
    _amenities(checked, row.cells)
    return checked


def _district(checked: Checked) -> None:
    """The full name; where address and street contradict it, the two outweigh the one."""
    written, address = str(checked.fields["district"]), str(checked.fields["address"])
    if not written:
        return
    named, elsewhere = corrections.district(written), corrections.district_of_address(address)
    if named is None:
        zh, en = "不是太原的区县", "is not a district of Taiyuan"
        checked.find("refused", "区县", written, zh, en)
        return
    if elsewhere and elsewhere != named:
        street = str(checked.fields["street"])
        if street and f"{elsewhere}{street}" in address:
            zh = f"地址和街道都在{elsewhere}，按{elsewhere}登记，请核对"
            en = f"address and street are in {elsewhere}; taken as {elsewhere}, please check"
            checked.find("corrected", "区县", written, zh, en)
            checked.fields["district"] = elsewhere
            return
        zh, en = f"地址写的是{elsewhere}，请核对", f"the address says {elsewhere}, please check"
        checked.find("noted", "区县", written, zh, en)
    if named != written:
        checked.find("corrected", "区县", written, f"改为{named}", f"read as {named}")
    checked.fields["district"] = named


def _hours(checked: Checked) -> None:
    written = str(checked.fields["hours"])
    if not written:
        return
    meant = written if _is_understood(written) else corrections.spoken_hours(written)
    if meant is None or not _is_understood(meant):
        zh = "看不懂开放时间，请写成 08:30-18:00 这样"
        en = "the hours are not understood; write them like 08:30-18:00"
        checked.find("refused", "开放时间", written, zh, en)
    elif meant != written:
        checked.find("corrected", "开放时间", written, f"改为 {meant}", f"read as {meant}")
        checked.fields["hours"] = meant


def _is_understood(hours: str) -> bool:
    try:
        parse_hours(hours)
    except HoursError:
        return False
    return True


def _place(checked: Checked, cells: dict[str, str]) -> None:
    found = {}
    for column in (LAT, LON):
        raw = cells[column]
        value = corrections.degrees(raw)
        if not raw.strip():
            checked.find("refused", column, raw, "没有填写", "is missing")
        elif value is None:
            checked.find("refused", column, raw, "不是经纬度", "is not a coordinate")
        else:
            found[column] = value
    if len(found) < 2:
        return
    lat, lon = found[LAT], found[LON]
    if not corrections.in_city(lat, lon) and corrections.in_city(lon, lat):
        lat, lon = lon, lat
        zh, en = "经度和纬度写反了，已对调", "longitude and latitude were swapped; put right"
        checked.find("corrected", f"{LON}、{LAT}", f"{cells[LON]}，{cells[LAT]}", zh, en)
    elif not corrections.in_city(lat, lon):
        _outside(checked, cells, lat, lon)
        return
    for column, value in ((LAT, lat), (LON, lon)):
        raw = cells[column]
        if not corrections.is_decimal(raw) and found[column] == value:
            checked.find("corrected", column, raw, f"换算为 {value}", f"converted to {value}")
    checked.fields.update(lat=lat, lon=lon)


def _outside(checked: Checked, cells: dict[str, str], lat: float, lon: float) -> None:
    for column, value, (least, most) in (
        (LAT, lat, corrections.CITY_LAT),
        (LON, lon, corrections.CITY_LON),
    ):
        if not least <= value <= most:
            zh = f"不在太原一带：{column}应在 {least:g} 到 {most:g} 之间"
            en = f"is not near Taiyuan: should be between {least:g} and {most:g}"
            checked.find("refused", column, cells[column], zh, en)


def _amenities(checked: Checked, cells: dict[str, str]) -> None:
    for column, kind in AMENITY_COLUMNS.items():
        if column not in cells:
            continue
        raw = cells[column]
        understood = corrections.has_amenity(raw)
        if understood is None:
            zh, en = "看不懂，请写“有”或“无”", "is not understood; write 有 or 无"
            checked.find("refused", column, raw, zh, en)
            continue
        there, doubtful = understood
        if doubtful:
            zh, en = f"当作“{'有' if there else '无'}”", f"taken as {'yes' if there else 'no'}"
            checked.find("corrected", column, raw, zh, en)
        checked.amenities[kind] = there
