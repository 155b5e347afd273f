"""Names to draw from, so that the demo school sounds like a real neighbourhood. All invented pairs."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random


@dataclass(frozen=True, slots=True)
class Pool:
    """Names heard together; `weight` is how often. An underscore is a space within one name."""

    ethnic_group: str  # as the district writes it
    weight: int
    languages: tuple[str, ...]
    given: tuple[str, ...]
    family: tuple[str, ...]


def _pool(ethnic_group: str, weight: int, languages: str, given: str, family: str) -> Pool:
    parts = (tuple(name.replace("_", " ") for name in text.split()) for text in (languages, given, family))
    return Pool(ethnic_group, weight, *parts)


POOLS = (
    _pool(
        "White",
        38,
        "English English English English English English English Ukrainian Polish Arabic",
        """Anneliese Silas Harriet Jasper Clementine August Bridget Felix Owen Sigrid Rowan Tessa Emmett
        Oksana Dmytro Yara Karim Leila Søren Maeve Callum Ottilie Hugo Cora Wesley""",
        """Haverford Lindgren Castleton O'Malley Brightwater Pohl Marchenko Nowicki Fairbanks Tillman Saab
        Voss McAllister Ashdown Rosenthal Kessler Dunmore Weatherby Larkin Bäcker Søndergaard""",
    ),
    _pool(
        "Hispanic or Latino",
        26,
        "Spanish Spanish Spanish English English",
        """Ximena Mateo Itzel Santiago Camila Joaquín Paloma Emiliano Renata Thiago Inés Leandro Marisol
        Andrés
        Yaretzi Rafael Noemí Gael Valeria Iker""",
        """Villanueva Ochoa Peñaloza Ibáñez Solís Montaño Arriaga Zepeda Cárdenas Figueroa Muñiz Trujillo
        Escamilla Barragán Ureña Quiñones de_la_Cruz""",
    ),
    _pool(
        "Black or African American",
        15,
        "English English English English English English English English Somali Amharic",
        """Nia Malachi Imani Elijah Zuri Darius Amina Josiah Kezia Tariq Selam Abdi Naomi Isaiah Thandiwe Kofi
        Jada Micah Ayaan Solomon""",
        """Oyelaran Whitfield Mensah Tesfaye Warsame Broadnax Abernathy Okonjo Hollis Gaines Dlamini Pettigrew
        Boateng Hightower Fontenot Achebe-Moss""",
    ),
    _pool(
        "Asian",
        12,
        "English Vietnamese Mandarin Hindi Tagalog Hmong",
        """Anika Jun Hye-jin Rohan Mai Kenji Tala Vikram Linnea Pa_Houa Arjun Sakura Bao Meera Daniel Xiu Ravi
        Thuy Min-jun Leela""",
        """Trần Venkatesan Sakamoto Park Villaruz Xiong Banerjee Liang Phạm Mehta Cho Dela_Rosa Vang Okabe
        Iyer
        Zhao""",
    ),
    _pool(
        "American Indian or Alaska Native",
        2,
        "English English Navajo",
        "Aiyana Cody Shania Wyatt Kaya Dakota Talise Lane",
        "Begaye-Hart Littlefield Yazzie-Cole Redwing Tsosie-Lund Benally-Frost",
    ),
    _pool(
        "Two or More Races",
        7,
        "English",
        "Juniper Ezra Sage Kai Marlowe Quinn Indira Phoenix Noa Remy Elodie Cassius Wilder Amaya",
        """Castellanos-Reed Okada-Flynn Baptiste Navarro-Klein Sinclair Adair Moreau Kealoha-Byrne Winslow
        Tran-Hughes""",
    ),
)


def draw_pool(rng: Random) -> Pool:
    return rng.choices(POOLS, [pool.weight for pool in POOLS])[0]
