"""The dashboard: `streamlit run app.py`, or `seqlab` from anywhere."""

from seqlab.ui import frame

frame.run()
