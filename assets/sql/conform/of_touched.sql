-- all rows of these dispatches, whenever they landed
from all_landed semi join touched using (producer, dispatch_id)
