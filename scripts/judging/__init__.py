"""How good the detection is: cached analyses, the parts of ``make judge``, and ``make calibrate``."""
