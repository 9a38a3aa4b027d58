// Which part of the world a picture shows.

/// The rectangle of the table that a picture's edges show where the camera stands as it is meant to, m.
struct PictureArea { var left: Float, top: Float, width: Float, height: Float }
