//! Pages, components and server functions of the console.
