-- all rows of these keys, whenever they landed
from all_landed semi join touched on {{same}}
