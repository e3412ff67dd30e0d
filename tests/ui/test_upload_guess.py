import io

import pytest

from seqlab.ui.upload_guess import guess_layout

SERIES = "day,weather,load\n" + "".join(f"2024-01-{day:02d},{'sun' if day % 3 else 'rain'},{day}\n" for day in range(1, 29))


@pytest.mark.parametrize(
    ("content", "layout"),
    [
        ("text,label\ngood film,yes\nbad film,no\nfine film,yes\n", "texts"),
        ("label,a,b,c\nup,0,1,2\ndown,2,1,0\nup,1,3,4\n", "wide"),
        ("seq_id,t,x,label\n0,0,1.5,up\n0,1,2.5,up\n1,0,1,down\n1,1,0,down\n", "long"),
        ("-DOCSTART- -X- O O\n\nEU NNP I-NP I-ORG\nrejects VBZ I-VP O\n\nPeter NNP I-NP I-PER\n", "conll"),
        (SERIES, "series"),
        ("load\n" + "".join(f"{number % 7}\n" for number in range(30)), "series"),
        ("", "series"),
        ("\x00\x01\x02", "series"),
    ],
)
def test_a_file_is_recognised(content, layout):
    assert guess_layout(io.BytesIO(content.encode()), "mine.csv") == layout
