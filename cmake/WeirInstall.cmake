# What `cmake --install` and the Debian package hold: libweir and its headers, the command, the CMake
# package, and under lib/weir what libweir opens itself and the vendors' libraries that came from the
# cache, with their notices. Nothing that is installed looks outside of it: every run path is relative.

include(CMakePackageConfigHelpers)

set(weir_vendor_dir ${CMAKE_INSTALL_LIBDIR}/weir)
set(weir_cmake_dir ${CMAKE_INSTALL_LIBDIR}/cmake/weir)

set_target_properties(weir PROPERTIES INSTALL_RPATH "$ORIGIN/weir")
# GNU ld does not read $ORIGIN when it looks for what a shared library needs.
target_link_options(weir INTERFACE
  $<INSTALL_INTERFACE:LINKER:-rpath-link,$<INSTALL_PREFIX>/${weir_vendor_dir}>)
install(TARGETS weir EXPORT weirTargets
  LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}
  FILE_SET HEADERS DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(EXPORT weirTargets NAMESPACE weir:: DESTINATION ${weir_cmake_dir})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/weirConfigVersion.cmake
  COMPATIBILITY SameMinorVersion)
configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/weirConfig.cmake.in
  ${PROJECT_BINARY_DIR}/weirConfig.cmake INSTALL_DESTINATION ${weir_cmake_dir})
install(FILES ${PROJECT_BINARY_DIR}/weirConfig.cmake ${PROJECT_BINARY_DIR}/weirConfigVersion.cmake
  DESTINATION ${weir_cmake_dir})

if(TARGET weir_cli)
  set_target_properties(weir_cli PROPERTIES INSTALL_RPATH "$ORIGIN/../${CMAKE_INSTALL_LIBDIR}")
  install(TARGETS weir_cli RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endif()
install(FILES LICENSE README.md CHANGELOG.md DESTINATION ${CMAKE_INSTALL_DOCDIR})

get_property(weir_opened GLOBAL PROPERTY WEIR_OWN_LIBRARIES)
if(weir_opened)
  install(TARGETS ${weir_opened} LIBRARY DESTINATION ${weir_vendor_dir})
endif()

# A library of the system is the system's to provide; one from the cache travels with us.
function(weir_carry name library)
  string(FIND ${library} ${weir_deps} at)
  if(NOT at EQUAL 0)
    return()
  endif()
  file(REAL_PATH ${library} real)
  install(FILES ${real} DESTINATION ${weir_vendor_dir} RENAME ${name})
endfunction()

if(TARGET weir_onnxruntime)
  weir_carry(libonnxruntime.so.1 ${WEIR_ONNXRUNTIME_LIBRARY})
  if(EXISTS ${weir_deps}/onnxruntime/LICENSE)
    install(FILES ${weir_deps}/onnxruntime/LICENSE ${weir_deps}/onnxruntime/ThirdPartyNotices.txt
      DESTINATION ${CMAKE_INSTALL_DOCDIR}/onnxruntime OPTIONAL)
  endif()
endif()
if(TARGET openvino::runtime AND EXISTS ${weir_deps}/openvino/libs)
  # What stays behind: front ends that we do not offer, the C interface, the malloc proxy, and the
  # GPU plug-in, which would make the package depend on an OpenCL driver.
  install(DIRECTORY ${weir_deps}/openvino/libs/ DESTINATION ${weir_vendor_dir}
    FILES_MATCHING PATTERN "lib*.so*"
    PATTERN "*_pytorch_*" EXCLUDE PATTERN "*_jax_*" EXCLUDE PATTERN "*_gguf_*" EXCLUDE
    PATTERN "*_tensorflow_frontend*" EXCLUDE PATTERN "*_c.so*" EXCLUDE PATTERN "*_gpu_*" EXCLUDE PATTERN "*_proxy*" EXCLUDE)
  install(DIRECTORY ${weir_deps}/openvino/notices/ DESTINATION ${CMAKE_INSTALL_DOCDIR}/openvino)
endif()

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME weir)
set(CPACK_PACKAGE_VENDOR "The Weir maintainers")
set(CPACK_PACKAGE_CONTACT "The Weir maintainers")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION video)
set(CPACK_DEBIAN_COMPRESSION_TYPE gzip)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
# For the labels in drawings.
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS fonts-dejavu-core)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS_PRIVATE_DIRS
  ${weir_deps}/onnxruntime/lib ${weir_deps}/openvino/libs ${PROJECT_BINARY_DIR}/lib)
include(CPack)
