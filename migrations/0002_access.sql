-- Who may do and see what: people, their sessions, roles, keys; and the warehouses of an order, by which a right is narrowed.

alter table order_row add column warehouses text[];
