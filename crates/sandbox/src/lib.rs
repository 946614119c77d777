//! The simulated AWS that ships with the console.
