//! What a component begins ends with it.
//!
//! The browser keeps timers, frames, futures, listeners and streams until they are over, whether or not the component
//! that asked for them is still there. One that reads a reactive value of a component that is gone panics, and after a
//! panic nothing on the page works any more. So components ask for them through their [`Life`], and `cargo xtask test`
//! refuses the browser's own calls everywhere else.

mod after;
mod every;
mod frame;
mod listen;
mod spawn;
mod stream;

#[cfg(not(feature = "ssr"))]
pub(crate) use spawn::apart;

use leptos::prelude::*;

/// The life of a component: what is begun through it does nothing once the component is gone.
#[derive(Clone, Copy)]
pub(crate) struct Life(StoredValue<()>);

impl Life {
    /// The life of the component, or of the run of an effect, that is being made. To be asked for where these are made,
    /// and not later: an event or a future belongs to nobody.
    pub(crate) fn here() -> Self {
        Self(StoredValue::new(()))
    }

    /// Whether it is still there.
    pub(crate) fn lasts(self) -> bool {
        self.0.try_get_value().is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_life_ends_with_its_owner() {
        let owner = Owner::new();
        let (outer, inner) = owner.with(|| {
            let outer = Life::here();
            let child = Owner::new();
            let inner = child.with(Life::here);
            assert!(outer.lasts() && inner.lasts());
            child.cleanup();
            (outer, inner)
        });
        assert!(outer.lasts());
        assert!(!inner.lasts());
        owner.cleanup();
        assert!(!outer.lasts());
    }
}
