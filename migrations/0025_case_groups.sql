-- An inbox that is grouped by type or by owner is read in that order, the earliest deadline first in each group.
create index case_row_type_due on case_row (type, due_at, case_id) where not over;
create index case_row_owner_due on case_row (owner, due_at, case_id) where not over;
