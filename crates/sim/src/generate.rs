//! How the world is made: people, what they live on, what departments say about them, and what goes wrong on the way.

pub mod draft;
pub mod events;
pub mod evidence;
pub mod faults;
pub mod income;
pub mod lines;
pub mod making;
pub mod name;
pub mod number;
pub mod population;
pub mod routine;
pub mod shape;
pub mod write;
