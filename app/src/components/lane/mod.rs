//! Resources over time: recovery points as marks, continuous windows as bands, what went wrong and
//! what is to come as signs.

mod board;
mod canvas;
mod canvas_view;
mod drawn;
mod layout;
mod legend;
mod links;
mod live;
mod mark;
mod markup;
mod spot;
mod table;
mod view;
mod view_range;

pub(crate) use board::{Board, Hands};
pub(crate) use legend::{Legend, Occurring};
pub(crate) use links::Links;
pub(crate) use spot::{Spot, spots};
pub(crate) use table::MarkTable;
#[cfg(feature = "ssr")]
pub(crate) use {
    layout::ticks,
    mark::{outline, sign},
    markup::{Markup, escape},
    spot::{HEIGHT, Track, describe, spot_tier},
};
