//! Warnings become cases: routes, deadlines in working days, moves.
