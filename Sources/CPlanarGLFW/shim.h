// OpenGL 3.3 core through the declarations of glcorearb.h; Linux's libGL exports them.
#define GL_GLEXT_PROTOTYPES 1
#define GLFW_INCLUDE_GLCOREARB 1
#include <GLFW/glfw3.h>
// For how a window's memory is taken.
#include <malloc.h>
