//! Amounts that the simulated world lives by. Fictional, as are the standards of the shipped bundle; they keep a
//! clear distance to every line there, so that the truth is not a matter of taste.

/// A dibao line above that of every county, fen per head and month.
pub const DIBAO_LINE: i64 = 750_00;
/// Income per head and month of a household on dibao or destitute support.
pub const BELOW_LINE: (i64, i64) = (180_00, 480_00);
/// Income per head and month above the dibao line and below the edge line.
pub const EDGE: (i64, i64) = (860_00, 1_000_00);
/// Income per head and month of a household with recognised rigid spending.
pub const RIGID: (i64, i64) = (1_170_00, 1_300_00);
/// Income per head and month of a household that is watched and needs nothing.
pub const ENOUGH: (i64, i64) = (1_750_00, 2_800_00);
/// Income per head and month of a household that a shock brings down.
pub const FRAGILE: (i64, i64) = (880_00, 1_000_00);
/// Old-age pension per month.
pub const PENSION: i64 = 150_00;
/// The least that a grave illness costs the household itself.
pub const GRAVE_ILLNESS: i64 = 36_000_00;
/// What a disaster destroys.
pub const LOSS: (i64, i64) = (30_000_00, 90_000_00);
