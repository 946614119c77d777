mod atomic;
mod concurrent;
mod lane;
mod lists;
mod model;
mod points;
mod reference;
mod sync;
