# cmake -DINPUT=default.yaml -DOUTPUT=default_catalogue.cc -P embed.cmake
# The catalogue as a constant of the library. In pieces: a compiler need not take longer literals.
file(READ ${INPUT} text)
set(code "#include \"weir/catalogue/catalogue.h\"\n\nnamespace weir::catalogue {\n\nstd::string_view default_catalogue_yaml() {\n  static const std::string text =\n")
string(LENGTH "${text}" left)
set(at 0)
while(at LESS left)
  string(SUBSTRING "${text}" ${at} 4000 piece)
  string(LENGTH "${piece}" size)
  math(EXPR at "${at} + ${size}")
  string(APPEND code "      R\"weir~(${piece})weir~\"\n")
endwhile()
string(APPEND code "      \"\";\n  return text;\n}\n\n}  // namespace weir::catalogue\n")
file(WRITE ${OUTPUT} "${code}")
