// The one OpenGL program: plain triangles, rounded boxes by signed distance, letters by coverage.

import CPlanarGLFW
import PlanarCore

/// OpenGL names its constants with signed numbers and takes them unsigned.
@inline(__always) func gl(_ constant: Int32) -> GLenum { GLenum(bitPattern: constant) }

/// The compiled program and the vertex layout it reads. OpenGL frees both with the window's context.
final class ShapeShader {
  private let program: GLuint
  private let sizeLocation: GLint
  private let downLocation: GLint
  private var vertexArray: GLuint = 0
  private var buffer: GLuint = 0

  private static let vertexSource = """
    #version 330 core
    layout(location = 0) in vec3 position;
    layout(location = 1) in vec4 color;
    layout(location = 2) in vec4 local;
    layout(location = 3) in vec4 form;
    uniform vec2 size;
    uniform float down;   // 1 where the first row of the picture is the uppermost, -1 where it is the lowest
    out vec4 fillColor;
    out vec4 coordinates;
    flat out vec4 style;
    void main() {
      gl_Position = vec4(
        position.x / size.x * 2.0 - 1.0, (position.y / size.y * 2.0 - 1.0) * down, position.z, 1.0);
      fillColor = color;
      coordinates = local;
      style = form;
    }
    """

  private static let fragmentSource = """
    #version 330 core
    in vec4 fillColor;
    in vec4 coordinates;        // u, v, half width, half height
    flat in vec4 style;   // radius, stroke, feather, kind
    uniform sampler2D atlas;
    out vec4 result;
    void main() {
      float alpha = fillColor.a;
      if (style.w > 1.5) {
        alpha *= texture(atlas, coordinates.xy).r;
      } else if (style.w > 0.5) {
        vec2 q = abs(coordinates.xy) - coordinates.zw + style.x;
        float d = length(max(q, 0.0)) + min(max(q.x, q.y), 0.0) - style.x;
        if (style.y > 0.0) d = abs(d) - style.y / 2.0;
        alpha *= 1.0 - smoothstep(-0.5, 0.5, d / (style.z * 1.2));
      }
      result = vec4(fillColor.rgb, alpha);
    }
    """

  /// - Throws: `UserError` where the driver refuses the program.
  init() throws {
    program = glCreateProgram()
    for (kind, source) in [
      (GL_VERTEX_SHADER, Self.vertexSource), (GL_FRAGMENT_SHADER, Self.fragmentSource),
    ] {
      let shader = try Self.compile(source, as: kind)
      glAttachShader(program, shader)
      glDeleteShader(shader)
    }
    glLinkProgram(program)
    var linked: GLint = 0
    glGetProgramiv(program, gl(GL_LINK_STATUS), &linked)
    guard linked != 0 else {
      throw UserError(
        "the graphics driver could not link the window's shaders; update it, or run headless")
    }
    sizeLocation = glGetUniformLocation(program, "size")
    downLocation = glGetUniformLocation(program, "down")
    glUseProgram(program)
    glUniform1i(glGetUniformLocation(program, "atlas"), 0)
    glGenVertexArrays(1, &vertexArray)
    glGenBuffers(1, &buffer)
    glBindVertexArray(vertexArray)
    glBindBuffer(gl(GL_ARRAY_BUFFER), buffer)
    let stride = MemoryLayout<Vertex>.stride
    precondition(stride == 15 * MemoryLayout<Float>.stride, "vertex layout changed")
    for (index, count, first) in [(0, 3, 0), (1, 4, 3), (2, 4, 7), (3, 4, 11)] {
      glEnableVertexAttribArray(GLuint(index))
      glVertexAttribPointer(
        GLuint(index), GLint(count), gl(GL_FLOAT), GLboolean(0), GLsizei(stride),
        UnsafeRawPointer(bitPattern: first * MemoryLayout<Float>.stride))
    }
  }

  /// Makes triangles ready to be drawn on a target, with blending and "nearer only".
  func load(_ vertices: [Vertex], on target: RenderTarget) {
    glUseProgram(program)
    glUniform2f(sizeLocation, Float(target.width), Float(target.height))
    glUniform1f(downLocation, target.isWindow ? -1 : 1)
    glBindVertexArray(vertexArray)
    glBindBuffer(gl(GL_ARRAY_BUFFER), buffer)
    vertices.withUnsafeBytes {
      glBufferData(gl(GL_ARRAY_BUFFER), GLsizeiptr($0.count), $0.baseAddress, gl(GL_STREAM_DRAW))
    }
    glEnable(gl(GL_BLEND))
    glBlendFuncSeparate(
      gl(GL_SRC_ALPHA), gl(GL_ONE_MINUS_SRC_ALPHA), gl(GL_ONE), gl(GL_ONE_MINUS_SRC_ALPHA))
    glEnable(gl(GL_DEPTH_TEST))
    glDepthFunc(gl(GL_LESS))
  }

  /// Draws some of the loaded triangles, in order.
  func draw(_ ranges: [Range<Int>]) {
    // Neighbours are one range.
    var joined: [Range<Int>] = []
    for range in ranges {
      if let last = joined.last, last.upperBound == range.lowerBound {
        joined[joined.count - 1] = last.lowerBound..<range.upperBound
      } else {
        joined.append(range)
      }
    }
    guard !joined.isEmpty else { return }
    glMultiDrawArrays(
      gl(GL_TRIANGLES), joined.map { GLint($0.lowerBound) }, joined.map { GLsizei($0.count) }, GLsizei(joined.count))
  }

  private static func compile(_ source: String, as kind: Int32) throws -> GLuint {
    let shader = glCreateShader(gl(kind))
    source.withCString { text in
      var pointer: UnsafePointer<GLchar>? = text
      glShaderSource(shader, 1, &pointer, nil)
    }
    glCompileShader(shader)
    var compiled: GLint = 0
    glGetShaderiv(shader, gl(GL_COMPILE_STATUS), &compiled)
    guard compiled != 0 else {
      var log = [GLchar](repeating: 0, count: 1024)
      glGetShaderInfoLog(shader, GLsizei(log.count), nil, &log)
      let reason = String(decoding: log.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
      throw UserError(
        "the graphics driver could not compile the window's shaders (\(reason)); update it, or run headless"
      )
    }
    return shader
  }
}
