"""A city of invented stations in the real districts and streets of Taiyuan.

Names of districts and streets and the districts' approximate seats (WGS-84) are public; every
station, its place, hours and telephone (no number here begins with 0 after 0351) are invented.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from wishwall.stations.models import AMENITIES


@dataclass(frozen=True)
class District:
    """A district: the digits its codes begin with, its seat, its share of stations, its reach."""

    name: str
    digits: str
    lat: float
    lon: float
    share: int
    reach: float
    streets: tuple[str, ...]


@dataclass(frozen=True)
class PlannedStation:
    """The columns of a station, and the amenities it has."""

    columns: dict[str, str | float]
    amenities: tuple[str, ...]


DISTRICTS = (
    District("小店区", "05", 37.736, 112.565, 22, 0.035, (
        "坞城街道", "营盘街道", "北营街道", "平阳路街道", "黄陵街道", "小店街道", "龙城街道", "北格镇",
    )),
    District("迎泽区", "06", 37.863, 112.563, 16, 0.015, (
        "柳巷街道", "文庙街道", "庙前街道", "迎泽街道", "桥东街道", "老军营街道", "郝庄镇",
    )),
    District("杏花岭区", "07", 37.889, 112.571, 15, 0.017, (
        "巨轮街道", "三桥街道", "鼓楼街道", "坝陵桥街道", "大东关街道", "敦化坊街道", "涧河街道", "杨家峪街道",
    )),
    District("尖草坪区", "08", 37.940, 112.487, 12, 0.025, (
        "古城街道", "汇丰街道", "柴村街道", "新城街道", "上兰街道", "南寨街道", "迎新街街道", "光社街道",
    )),
    District("万柏林区", "09", 37.859, 112.516, 17, 0.018, (
        "千峰街道", "下元街道", "和平街道", "兴华街道", "万柏林街道", "西铭街道", "小井峪街道", "长风西街街道",
    )),
    District("晋源区", "10", 37.715, 112.478, 7, 0.022, (
        "义井街道", "罗城街道", "晋源街道", "金胜镇", "晋祠镇", "姚村镇",
    )),
    District("清徐县", "21", 37.607, 112.358, 4, 0.030, (
        "清源镇", "徐沟镇", "东于镇", "孟封镇", "王答乡", "集义乡",
    )),
    District("阳曲县", "22", 38.058, 112.673, 2, 0.030, (
        "黄寨镇", "大盂镇", "东黄水镇", "泥屯镇", "侯村乡",
    )),
    District("娄烦县", "23", 38.067, 111.797, 2, 0.025, (
        "娄烦镇", "静游镇", "杜交曲镇", "天池店乡",
    )),
    District("古交市", "81", 37.907, 112.176, 3, 0.020, (
        "东曲街道", "西曲街道", "桃园街道", "屯兰街道", "河口镇", "马兰镇",
    )),
)  # fmt: skip

LANDMARKS = (
    "菜市场", "东口", "西口", "南口", "北口", "桥头", "公园", "体育场", "幼儿园", "中学", "小学",
    "医院", "卫生院", "邮局", "粮店", "百货", "夜市", "早市", "车站", "公交场", "停车场", "花园",
    "广场", "书店", "影院", "旧厂", "水塔", "河边", "锅炉房", "车棚", "物流园", "仓库", "写字楼",
    "商场", "美食街", "文化站", "社区院", "工会楼", "银行", "加油站",
)  # fmt: skip
SIDES = ("东侧", "西侧", "南侧", "北侧", "对面", "一层", "院内", "临街")
HOSTS = (
    "党群服务中心", "社区居委会", "街道办事处", "工会服务站", "银行网点", "加油站", "便利店", "药店",
    "邮政支局", "通信营业厅", "图书馆分馆", "快餐店", "物业服务中心", "卫生服务站", "快递网点",
)  # fmt: skip
HOURS = (
    "24小时",
    "08:30-18:00",
    "09:00-21:00",
    "07:00-22:30",
    "08:00-12:00,14:00-18:00",
    "每天 06:30-20:00",
    "周一至周五 08:30-18:00；周六、周日 09:00-17:00",
    "周一至周六 09:00-19:00；周日休息",
    "工作日 08:30-17:30；周末 10:00-16:00",
    "10:00-次日02:00",
    "20:00-08:00",
    "08：30—21：00",
    "全天开放",
)
HOURS_SHARES = (16, 18, 14, 10, 8, 8, 8, 5, 5, 3, 2, 2, 1)
SERVES = (
    "所有路过歇脚的人",
    "骑手、快递员、环卫工人",
    "外卖骑手、网约车司机",
    "货车司机、快递员",
    "户外劳动者",
)
SPECIALITIES = (
    "每月义剪", "电动车换电", "免费量血压", "雨靴外借", "冬天有姜汤", "夏天有绿豆汤", "手机贴膜",
    "缝补衣裤", "午休折叠床", "旧书交换", "法律咨询日", "母婴角", "棋牌桌", "自助打印", "热饭排队叫号",
    "头盔消毒", "打气筒", "代收快件", "孩子写作业的桌子", "心理谈心日",
)  # fmt: skip


def plan_stations(count: int, seed: int) -> list[PlannedStation]:
    """The stations in the order of their codes; the same for the same seed."""
    random = Random(f"stations {seed}")
    return [
        station
        for district, share in zip(DISTRICTS, _shares(count), strict=True)
        for station in _of_district(district, share, random)
    ]


def _shares(count: int) -> list[int]:
    """How many stations each district has; the first takes what rounding leaves."""
    whole = sum(district.share for district in DISTRICTS)
    shares = [count * district.share // whole for district in DISTRICTS]
    shares[0] += count - sum(shares)
    return shares


def _of_district(district: District, count: int, random: Random) -> Iterator[PlannedStation]:
    landmarks = {street: random.sample(LANDMARKS, len(LANDMARKS)) for street in district.streets}
    middles = {
        street: _near(district.lat, district.lon, district.reach, random) for street in landmarks
    }
    for number in range(count):
        street = district.streets[number % len(district.streets)]
        again, nth = divmod(number // len(district.streets), len(LANDMARKS))
        landmark = landmarks[street][nth]
        spot = (
            f"{_spoken(street)}{landmark}{again + 1}号" if again else f"{_spoken(street)}{landmark}"
        )
        lat, lon = _near(*middles[street], district.reach / 4, random)
        columns: dict[str, str | float] = {
            "code": f"TY{district.digits}{number + 1:04}",
            "name": f"{spot}暖心驿站",
            "district": district.name,
            "street": street,
            "address": f"{district.name}{street}{landmark}{random.choice(SIDES)}",
            "host": random.choice(HOSTS),
            "serves": random.choice(SERVES),
            "lat": lat,
            "lon": lon,
            "hours": random.choices(HOURS, HOURS_SHARES)[0],
            "phone": f"0351-0{district.digits}{number + 1:04}" if random.random() < 0.9 else "",
            "specialities": "；".join(random.sample(SPECIALITIES, random.choice((0, 1, 1, 2, 3)))),
        }
        yield PlannedStation(columns, tuple(kind for kind in AMENITIES if random.random() < 0.93))


def _near(lat: float, lon: float, reach: float, random: Random) -> tuple[float, float]:
    """A place scattered round another; a degree of longitude is shorter than one of latitude."""
    return (
        round(lat + random.gauss(0, reach / 2), 6),
        round(lon + random.gauss(0, reach / 1.6), 6),
    )


def _spoken(street: str) -> str:
    """The street as people say it: 坞城 for 坞城街道."""
    return street.removesuffix("街道").removesuffix("镇").removesuffix("乡")
