"""How a provider looks: themes, what is derived from them, and what they must fulfil.

theme     the few things a brand decides: names, texts, marks, accent, tint, radius, frame, type face, density
accent    the brand's own colour; everything coloured follows from it
tint      the hue and strength of the greys
scheme    light or dark; a theme may lean to one, a person's own choice wins
palette   every colour token of a theme, in both schemes
pair      two tokens that are read on one another, with the contrast they need
move      a colour that was shifted until its pair could be read
slot      one of the closed list of places where a theme brings its own drawing
"""
